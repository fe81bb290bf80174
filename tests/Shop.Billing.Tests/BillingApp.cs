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
using Shop.Billing.CreditNotes;
using Shop.Billing.Data;
using Shop.Billing.Domain;
using Shop.Billing.Invoices;
using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.Testing;

[assembly: AssemblyFixture(typeof(InfrastructureFixture))]

namespace Shop.Billing.Tests;

/// <summary>
/// The module as it is, on a database of its own, with a clock of the test's. Background work does not run; messages are
/// handled as the dispatcher does it, in one transaction each.
/// </summary>
internal sealed class BillingApp : IAsyncDisposable
{
    public static readonly Guid Customer = Guid.Parse("01900000-0000-7000-8000-000000000001");

    private readonly WebApplication _app;

    private BillingApp(WebApplication app, TestTokens tokens) => (_app, Tokens) = (app, tokens);

    public TestTokens Tokens { get; }

    public FakeTimeProvider Time => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    public HttpClient Client => _app.GetTestClient();

    public static async Task<BillingApp> StartAsync(InfrastructureFixture infrastructure)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development }
        );
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:billingdb", await infrastructure.CreateDatabaseAsync()),
            new("ConnectionStrings:messaging", "Endpoint=sb://none.test/"),
        ]);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var tokens = await TestTokens.StartAsync(time);
        builder.Configuration.AddInMemoryCollection(tokens.Settings);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        BillingModule.AddServices(builder);
        builder.Services.RemoveAll<IHostedService>();
        builder.WebHost.UseTestServer();

        var app = builder.Build();
        app.UseServiceDefaults();
        BillingModule.MapEndpoints(app);
        var billing = new BillingApp(app, tokens);
        await billing.QueryAsync(async db =>
        {
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
            return 0;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return billing;
    }

    public Task ConfirmedAsync(OrderConfirmed order) => HandleAsync<IssueInvoiceHandler, OrderConfirmed>(order);

    public Task PaidAsync(Guid orderId, decimal amount = Orders.Total, string currency = "USD") =>
        HandleAsync<PayInvoiceHandler, PaymentSucceeded>(
            new PaymentSucceeded(orderId, amount, currency, Time.GetUtcNow())
        );

    public Task RefundedAsync(Guid orderId, decimal amount = Orders.Total) =>
        HandleAsync<IssueCreditNoteHandler, PaymentRefunded>(new PaymentRefunded(orderId, amount));

    public Task CancelledAsync(Guid orderId) =>
        HandleAsync<VoidInvoiceHandler, OrderCancelled>(new OrderCancelled(orderId, Time.GetUtcNow()));

    /// <param name="message">What is handled.</param>
    /// <param name="fails">Whether the process dies before the commit.</param>
    public async Task HandleAsync<THandler, TMessage>(TMessage message, bool fails = false)
        where THandler : class, IMessageHandler<TMessage>
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var scope = _app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BillingDbContext>();
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
        if (!fails)
        {
            await transaction.CommitAsync(cancellationToken);
        }
    }

    public async Task<T> QueryAsync<T>(Func<BillingDbContext, Task<T>> query)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<BillingDbContext>());
    }

    public Task<Invoice?> FindInvoiceAsync(Guid orderId) =>
        QueryAsync(db =>
            db.Invoices.AsNoTracking()
                .Include(invoice => invoice.CreditNote)
                .SingleOrDefaultAsync(invoice => invoice.OrderId == orderId, TestContext.Current.CancellationToken)
        );

    public async Task<Invoice> InvoiceAsync(Guid orderId) =>
        await FindInvoiceAsync(orderId)
        ?? throw new InvalidOperationException($"There is no invoice of order {orderId}.");

    public Task<string[]> InvoiceNumbersAsync() =>
        QueryAsync(db =>
            db.Invoices.Select(invoice => invoice.Number)
                .OrderBy(number => number)
                .ToArrayAsync(TestContext.Current.CancellationToken)
        );

    /// <summary>What was published about an order, oldest first.</summary>
    public Task<List<Sent>> SentAsync(Guid orderId) =>
        QueryAsync(db =>
            db.Database.SqlQuery<Sent>(
                    $"""
                    select type, body::text as body from outbox_messages
                    where correlation_id = {orderId.ToString()} order by id
                    """
                )
                .ToListAsync(TestContext.Current.CancellationToken)
        );

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

/// <summary>Orders as Ordering confirms them.</summary>
internal static class Orders
{
    public const decimal Total = 117.99m;

    public static OrderConfirmed Confirmed(Guid orderId, Guid? userId = null, string name = "Ada Lovelace") =>
        new(
            orderId,
            userId ?? BillingApp.Customer,
            [
                new OrderConfirmedItem(Guid.CreateVersion7(), "Teapot", 40m, 3, 120m),
                new OrderConfirmedItem(Guid.CreateVersion7(), "Cup", 1.11m, 2, 2.22m),
            ],
            Subtotal: 122.22m,
            Discount: 12.22m,
            Tax: 7.99m,
            Total,
            "USD",
            new OrderConfirmedAddress(
                name,
                "1 Main Street",
                "Springfield",
                "12345",
                "US",
                [name, "1 Main Street", "Springfield, CA 12345", "United States"],
                "US-CA"
            ),
            new DateTimeOffset(2026, 3, 1, 11, 59, 0, TimeSpan.Zero)
        );
}
