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
using OpenTelemetry.Trace;
using Shop.Messaging;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.Payments.Payments;
using Shop.Payments.Processing;
using Shop.Payments.Provider;
using Shop.Payments.Provider.Simulated;
using Shop.ServiceDefaults;
using Shop.Testing;

[assembly: AssemblyFixture(typeof(InfrastructureFixture))]

namespace Shop.Payments.Tests;

/// <summary>
/// The module as it is, on a database of its own, with a clock of the test's. Background work runs when the test says so;
/// messages are handled as the dispatcher does it, in one transaction each.
/// </summary>
internal sealed class PaymentsApp : IAsyncDisposable
{
    public static readonly Guid Customer = Guid.Parse("01900000-0000-7000-8000-000000000001");

    public static readonly DateTimeOffset ShippedAt = new(2026, 1, 1, 11, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;

    private PaymentsApp(WebApplication app, TestTokens tokens) => (_app, Tokens) = (app, tokens);

    public TestTokens Tokens { get; }

    public FakeTimeProvider Time => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    public HttpClient Client => _app.GetTestClient();

    public IPaymentProvider Provider => _app.Services.GetRequiredService<IPaymentProvider>();

    public PaymentProcessor Processor => _app.Services.GetRequiredService<PaymentProcessor>();

    public static Task<PaymentsApp> StartAsync(
        InfrastructureFixture infrastructure,
        params KeyValuePair<string, string?>[] settings
    ) => StartObservedAsync(infrastructure, settings, observe: null);

    /// <summary>The same with somebody who listens to what it logs and traces.</summary>
    public static async Task<PaymentsApp> StartObservedAsync(
        InfrastructureFixture infrastructure,
        KeyValuePair<string, string?>[] settings,
        ILoggerProvider? observe
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development }
        );
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:paymentsdb", await infrastructure.CreateDatabaseAsync()),
            new("ConnectionStrings:messaging", "Endpoint=sb://none.test/"),
            new("OTEL_TRACES_SAMPLER", "always_on"),
            .. settings,
        ]);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var tokens = await TestTokens.StartAsync(time);
        builder.Configuration.AddInMemoryCollection(tokens.Settings);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        if (observe is not null)
        {
            builder.Logging.AddProvider(observe).SetMinimumLevel(LogLevel.Trace);
        }
        PaymentsModule.AddServices(builder);
        builder.Services.RemoveAll<IHostedService>();
        builder.WebHost.UseTestServer();

        var app = builder.Build();
        if (observe is not null)
        {
            // Asking for it starts what is traced in the service.
            app.Services.GetRequiredService<TracerProvider>();
        }
        app.UseServiceDefaults();
        PaymentsModule.MapEndpoints(app);
        var payments = new PaymentsApp(app, tokens);
        await payments.InScopeAsync<PaymentsDbContext, int>(async db =>
        {
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
            return 0;
        });
        await payments.InScopeAsync<SimulatedProviderDbContext, int>(async db =>
        {
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
            return 0;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return payments;
    }

    public Task ProcessAsync(
        Guid orderId,
        string paymentMethod = "pm_card_visa",
        decimal amount = 49.90m,
        Guid? userId = null
    ) =>
        HandleAsync<ProcessPaymentHandler, ProcessPayment>(
            new ProcessPayment(orderId, userId ?? Customer, amount, "USD", paymentMethod)
        );

    public Task RefundAsync(Guid orderId) =>
        HandleAsync<RefundPaymentHandler, RefundPayment>(new RefundPayment(orderId, "test"));

    /// <summary>Ordering says that the order has left the house.</summary>
    public Task ShipAsync(Guid orderId) =>
        HandleAsync<NoteShippingHandler, OrderShipped>(new OrderShipped(orderId, ShippedAt));

    /// <summary>Lets the processor do all that is due at this moment.</summary>
    public Task RunDueAsync() => Processor.RunDueAsync(TestContext.Current.CancellationToken);

    /// <summary>The same after every wait that a retry or a lost process may need.</summary>
    public Task RunLaterAsync()
    {
        Time.Advance(TimeSpan.FromMinutes(2));
        return RunDueAsync();
    }

    public async Task HandleAsync<THandler, TMessage>(TMessage message)
        where THandler : class, IMessageHandler<TMessage>
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var scope = _app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>();
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

    public async Task<T> InScopeAsync<TService, T>(Func<TService, Task<T>> work)
        where TService : notnull
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public Task<Payment> PaymentAsync(Guid orderId) =>
        InScopeAsync<PaymentsDbContext, Payment>(db =>
            db.Payments.AsNoTracking()
                .Include(payment => payment.Refund)
                .SingleAsync(payment => payment.OrderId == orderId, TestContext.Current.CancellationToken)
        );

    public Task<int> CountPaymentsAsync() =>
        InScopeAsync<PaymentsDbContext, int>(db => db.Payments.CountAsync(TestContext.Current.CancellationToken));

    /// <summary>The charges in the provider's own books.</summary>
    public Task<List<SimulatedCharge>> ChargesAsync() =>
        InScopeAsync<SimulatedProviderDbContext, List<SimulatedCharge>>(db =>
            db.Charges.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken)
        );

    /// <summary>What the provider has taken from customers and not given back.</summary>
    public async Task<decimal> TakenAsync() =>
        (await ChargesAsync()).Where(c => c.Status == ChargeStatus.Succeeded).Sum(c => c.Amount)
        - await InScopeAsync<SimulatedProviderDbContext, decimal>(db =>
            db.Refunds.SumAsync(refund => refund.Amount, TestContext.Current.CancellationToken)
        );

    /// <summary>What was published about an order, oldest first.</summary>
    public Task<List<Sent>> SentAsync(Guid orderId) =>
        InScopeAsync<PaymentsDbContext, List<Sent>>(db =>
            db.Database.SqlQuery<Sent>(
                    $"""
                    select type, body::text as body from outbox_messages
                    where correlation_id = {orderId.ToString()} order by id
                    """
                )
                .ToListAsync(TestContext.Current.CancellationToken)
        );

    public async Task<string[]> RepliesAsync(Guid orderId) => [.. (await SentAsync(orderId)).Select(sent => sent.Type)];

    /// <summary>Waits for something that background work does.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await isSo())
        {
            Assert.False(limit.IsCancellationRequested, $"{what}: not within {Limit}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
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
