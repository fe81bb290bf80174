using Shop.Billing.Data;
using Shop.Messaging;
using Shop.ServiceDefaults;

namespace Shop.Billing;

/// <summary>Billing: an invoice for each confirmed order, a credit note for what is paid back.</summary>
public sealed class BillingModule : IModule
{
    /// <inheritdoc />
    public static string Name => "billing";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<BillingDbContext>("billingdb");
        builder.AddMessaging<BillingDbContext>(Name, messaging => { });
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints) => ArgumentNullException.ThrowIfNull(endpoints);
}
