using Shop.Messaging;
using Shop.Payments.Data;
using Shop.Payments.Messages;
using Shop.Payments.Payments;
using Shop.Payments.Processing;
using Shop.Payments.Provider;
using Shop.Payments.Provider.Simulated;
using Shop.Payments.Reconciliation;
using Shop.ServiceDefaults;

namespace Shop.Payments;

/// <summary>Payments: charges each order once, and gives the money back when the order does not come about.</summary>
public sealed class PaymentsModule : IModule
{
    private const string Database = "paymentsdb";
    private const string ProviderBooks = "simulated-provider";

    /// <inheritdoc />
    public static string Name => "payments";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<PaymentsDbContext>(Database);
        builder.AddMessaging<PaymentsDbContext>(
            Name,
            messaging =>
                messaging
                    .Handle<ProcessPayment, ProcessPaymentHandler>(ProcessPayment.Type)
                    .Handle<RefundPayment, RefundPaymentHandler>(RefundPayment.Type)
                    .Handle<OrderShipped, NoteShippingHandler>(OrderShipped.Type)
                    .Event<PaymentSucceeded>(PaymentSucceeded.Type)
                    .Event<PaymentFailed>(PaymentFailed.Type)
                    .Event<PaymentRefunded>(PaymentRefunded.Type)
        );
        AddProcessing(builder);
        AddSimulatedProvider(builder);
        AddReconciliation(builder.Services);
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var payments = endpoints.MapGroup("/api/payments").WithTags("Payments").RequireAuthorization();
        payments.MapGet("/", ListPayments.HandleAsync).WithName("ListPayments");
        payments.MapGet("/{id:guid}", GetPayment.HandleAsync).WithName("GetPayment");
        payments
            .MapPost("/{id:guid}/refund", RefundByOperator.HandleAsync)
            .WithName("RefundPayment")
            .ProducesProblems(StatusCodes.Status409Conflict)
            .WithBodyExample(new RefundByOperatorRequest("arrived broken"))
            .RequireAuthorization(Policies.Operator);
        endpoints.MapOperations(Name);
    }

    private static void AddProcessing(IHostApplicationBuilder builder)
    {
        builder.Services.AddSettings<PaymentsOptions>("Payments");
        builder.Services.ConfigureDbContext<PaymentsDbContext>(
            (services, options) =>
                options.AddInterceptors(new WakeAtCommit(services.GetRequiredService<ProcessorSignal>()))
        );
        builder.Services.AddSingleton<ProcessorSignal>();
        builder.Services.AddSingleton<OutcomeBatches>();
        builder.Services.AddSingleton<PaymentMetrics>();
        builder.Services.AddSingleton<PaymentAttempt>();
        builder.Services.AddScoped<PaymentClaims>();
        builder.Services.AddScoped<PaymentOutcomes>();
        builder.Services.AddSingleton<PaymentProcessor>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PaymentProcessor>());
    }

    private static void AddReconciliation(IServiceCollection services)
    {
        services.AddSingleton<Reconciler>();
        services.AddSingleton<ReconciliationRepair>();
        services.AddSingleton<ReconcileCommand>();
        services.AddVerb(
            ReconcileCommand.Verb,
            ReconcileCommand.Description,
            (scope, args, cancellationToken) =>
                scope
                    .GetRequiredService<ReconcileCommand>()
                    .RunAsync(args, Console.Out, Console.Error, cancellationToken)
        );
    }

    private static void AddSimulatedProvider(IHostApplicationBuilder builder)
    {
        // The books lie in our database unless somebody puts them elsewhere.
        builder.AddModuleDatabase<SimulatedProviderDbContext>(ProviderBooks, fallback: Database);
        builder.Services.AddSingleton<IPaymentProvider, SimulatedPaymentProvider>();
    }
}
