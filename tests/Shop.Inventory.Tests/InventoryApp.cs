using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;
using Shop.Inventory.Reservations;
using Shop.Inventory.Stock;
using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.Testing;

[assembly: AssemblyFixture(typeof(InfrastructureFixture))]

namespace Shop.Inventory.Tests;

/// <summary>
/// The module as it is, on a database of its own, with a clock of the test's. Background work does not run by itself;
/// messages are handled as the dispatcher does it, in one transaction each.
/// </summary>
internal sealed class InventoryApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private InventoryApp(WebApplication app, TestTokens tokens) => (_app, Tokens) = (app, tokens);

    public TestTokens Tokens { get; }

    public FakeTimeProvider Time => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    /// <summary>A customer's.</summary>
    public HttpClient Client
    {
        get
        {
            var client = _app.GetTestClient();
            client.DefaultRequestHeaders.Authorization = Tokens.Bearer(Guid.CreateVersion7());
            return client;
        }
    }

    public static async Task<InventoryApp> StartAsync(
        InfrastructureFixture infrastructure,
        Action<IServiceCollection>? configure = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development }
        );
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:inventorydb", await infrastructure.CreateDatabaseAsync()),
            new("ConnectionStrings:messaging", "Endpoint=sb://none.test/"),
        ]);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var tokens = await TestTokens.StartAsync(time);
        builder.Configuration.AddInMemoryCollection(tokens.Settings);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        InventoryModule.AddServices(builder);
        builder.Services.RemoveAll<IHostedService>();
        builder.Services.AddSingleton<ReservationExpiry>();
        configure?.Invoke(builder.Services);
        builder.WebHost.UseTestServer();

        var app = builder.Build();
        app.UseServiceDefaults();
        InventoryModule.MapEndpoints(app);
        var inventory = new InventoryApp(app, tokens);
        await inventory.QueryAsync(db => db.Database.MigrateAsync());
        await app.StartAsync(TestContext.Current.CancellationToken);
        // Fetches the keys of tokens: a test that moves the clock during that would end it by its time limit.
        using var response = await inventory.Client.GetAsync("/api/inventory", TestContext.Current.CancellationToken);
        return inventory;
    }

    public async Task<Guid> AddProductAsync(int quantity)
    {
        var product = Guid.CreateVersion7();
        await QueryAsync(db =>
            db.Database.ExecuteSqlAsync(
                $"""
                with product as (
                    insert into stock_items (product_id, available, reserved, version)
                    values ({product}, {quantity}, 0, 1) returning product_id
                )
                insert into stock_movements (product_id, kind, quantity, available_change, reserved_change, occurred_at)
                select product_id, 'received', {quantity}, {quantity}, 0, now() from product
                """
            )
        );
        return product;
    }

    public Task ReserveAsync(Guid orderId, params (Guid Product, int Quantity)[] items) =>
        HandleAsync<ReserveStockHandler, ReserveStock>(
            new ReserveStock(orderId, [.. items.Select(item => new ReserveStockItem(item.Product, item.Quantity))])
        );

    public Task ReleaseAsync(Guid orderId) =>
        HandleAsync<ReleaseStockHandler, ReleaseStock>(new ReleaseStock(orderId, "test"));

    public Task CommitAsync(Guid orderId) => HandleAsync<CommitStockHandler, CommitStock>(new CommitStock(orderId));

    /// <summary>Repeats it with the same key while a busy database is the answer, as clients should.</summary>
    public async Task RestockAsync(Guid product, int quantity)
    {
        var key = Guid.NewGuid().ToString();
        for (var attempt = 1; ; attempt++)
        {
            using var response = await SendRestockAsync(product, new { quantity }, key);
            if (response.IsSuccessStatusCode)
                return;
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(
                response.StatusCode == HttpStatusCode.ServiceUnavailable && attempt < 5,
                $"A restock was answered {(int)response.StatusCode}: {text}"
            );
            await Task.Delay(TimeSpan.FromSeconds(attempt), TestContext.Current.CancellationToken);
        }
    }

    public async Task<HttpResponseMessage> SendRestockAsync(
        Guid product,
        object body,
        string? idempotencyKey = null,
        string role = "operator"
    )
    {
        // Good for long: others may move the clock while the request is under way.
        var token = Tokens.Issue(
            Guid.CreateVersion7(),
            role,
            token => token.Expires = token.IssuedAt!.Value.AddYears(1)
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/inventory/{product}/restock")
        {
            Content = JsonContent.Create(body),
            Headers = { Authorization = new("Bearer", token) },
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task SeedAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await StockSeed.ApplyAsync(
            scope.ServiceProvider.GetRequiredService<InventoryDbContext>(),
            scope.ServiceProvider,
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>Has the levels of what has moved since the last time told, as the background work does.</summary>
    public Task AnnounceAsync() =>
        Announcer.AnnounceAsync(
            _app.Services.GetRequiredService<MovedStock>().Take(),
            TestContext.Current.CancellationToken
        );

    public StockAnnouncer Announcer => _app.Services.GetRequiredService<StockAnnouncer>();

    public Task<int> SweepAsync() =>
        _app.Services.GetRequiredService<ReservationExpiry>().SweepAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits for something that background work does.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            Assert.False(limit.IsCancellationRequested, $"{what}: not within 30 s.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public async Task HandleAsync<THandler, TMessage>(TMessage message)
        where THandler : class, IMessageHandler<TMessage>
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var scope = _app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InventoryDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope
            .ServiceProvider.GetRequiredService<THandler>()
            .HandleAsync(
                message,
                new MessageContext(Guid.CreateVersion7().ToString(), "test", null, Time.GetUtcNow(), 1),
                cancellationToken
            );
        await db.SaveChangesAsync(cancellationToken);
        // The next message of the same transaction starts afresh.
        db.ChangeTracker.Clear();
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<T> QueryAsync<T>(Func<InventoryDbContext, Task<T>> query)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<InventoryDbContext>());
    }

    public async Task QueryAsync(Func<InventoryDbContext, Task> query)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await query(scope.ServiceProvider.GetRequiredService<InventoryDbContext>());
    }

    public async Task<StockView> StockAsync(Guid product) =>
        await QueryAsync(db => db.FindStockAsync(product, TestContext.Current.CancellationToken))
        ?? throw new InvalidOperationException($"Product {product} has no stock record.");

    public Task<Reservation> ReservationAsync(Guid orderId) =>
        QueryAsync(db =>
            db.Reservations.SingleAsync(
                reservation => reservation.OrderId == orderId,
                TestContext.Current.CancellationToken
            )
        );

    /// <summary>What was published about an order or a product, oldest first: the event's name and body.</summary>
    public Task<List<Sent>> SentAsync(Guid correlationId) =>
        QueryAsync(db =>
            db.Database.SqlQuery<Sent>(
                    $"""
                    select type, body::text as body from outbox_messages
                    where correlation_id = {correlationId.ToString()} order by id
                    """
                )
                .ToListAsync(TestContext.Current.CancellationToken)
        );

    /// <summary>Each product's stock next to the sums of its ledger; they must agree.</summary>
    public async Task AssertLedgerEqualsStockAsync()
    {
        var wrong = await QueryAsync(db =>
            db.Database.SqlQuery<string>(
                    $"""
                    select s.product_id || ': stock ' || s.available || '/' || s.reserved
                        || ', ledger ' || coalesce(sum(m.available_change), 0) || '/' || coalesce(sum(m.reserved_change), 0)
                    from stock_items s left join stock_movements m using (product_id)
                    group by s.product_id
                    having s.available <> coalesce(sum(m.available_change), 0)
                        or s.reserved <> coalesce(sum(m.reserved_change), 0)
                    """
                )
                .ToListAsync(TestContext.Current.CancellationToken)
        );
        Assert.Empty(wrong);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Tokens.DisposeAsync();
    }
}

/// <summary>A message in the outbox.</summary>
internal sealed record Sent(string Type, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);
}
