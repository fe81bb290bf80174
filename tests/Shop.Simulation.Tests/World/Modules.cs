using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Inventory;
using Shop.Inventory.Data;
using Shop.Messaging;
using Shop.Ordering;
using Shop.Ordering.Data;
using Shop.Payments;
using Shop.Payments.Data;

namespace Shop.Simulation.Tests.World;

/// <summary>
/// What the three modules declare: which messages go where, who handles them, how they are written and read. It is the
/// modules' own registration; no host is started and no database is opened.
/// </summary>
internal sealed class Modules : IDisposable
{
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Database=none";

    private static readonly IHost Host = Build();

    private readonly IServiceScope _scope = Host.Services.CreateScope();

    private Modules() { }

    /// <summary>
    /// Of this thread. Its contexts take what is added to the outboxes and hand it on; making them anew for each history would
    /// take longer than the history.
    /// </summary>
    [field: ThreadStatic]
    public static Modules OfThread => field ??= new Modules();

    /// <summary>What Ordering declares.</summary>
    public Module<OrderingDbContext> Ordering => field ??= Of<OrderingDbContext>();

    /// <summary>What Inventory declares.</summary>
    public Module<InventoryDbContext> Inventory => field ??= Of<InventoryDbContext>();

    /// <summary>What Payments declares.</summary>
    public Module<PaymentsDbContext> Payments => field ??= Of<PaymentsDbContext>();

    /// <inheritdoc />
    public void Dispose() => _scope.Dispose();

    private Module<TContext> Of<TContext>()
        where TContext : DbContext
    {
        var services = _scope.ServiceProvider;
        return new(services.GetRequiredService<MessagingContext<TContext>>(), services.GetRequiredService<TContext>());
    }

    private static IHost Build()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings()
        );
        builder.Configuration.AddInMemoryCollection([
            new("Messaging:Transport", "InProcess"),
            new("ConnectionStrings:orderingdb", NoDatabase),
            new("ConnectionStrings:inventorydb", NoDatabase),
            new("ConnectionStrings:paymentsdb", NoDatabase),
        ]);
        OrderingModule.AddServices(builder);
        InventoryModule.AddServices(builder);
        PaymentsModule.AddServices(builder);
        return builder.Build();
    }
}

/// <summary>A module's messages, and a context that is never saved.</summary>
internal sealed record Module<TContext>(MessagingContext<TContext> Messaging, TContext Buffer)
    where TContext : DbContext;
