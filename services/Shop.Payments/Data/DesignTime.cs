using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Shop.Payments.Provider.Simulated;

namespace Shop.Payments.Data;

/// <summary>Lets dotnet-ef build the model without starting the service.</summary>
internal sealed class PaymentsDesignTime : IDesignTimeDbContextFactory<PaymentsDbContext>
{
    /// <inheritdoc />
    public PaymentsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PaymentsDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}

/// <summary>The same for the simulated provider's books.</summary>
internal sealed class SimulatedProviderDesignTime : IDesignTimeDbContextFactory<SimulatedProviderDbContext>
{
    /// <inheritdoc />
    public SimulatedProviderDbContext CreateDbContext(string[] args) =>
        new(
            new DbContextOptionsBuilder<SimulatedProviderDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options
        );
}
