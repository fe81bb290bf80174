using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.ServiceDefaults.Data;

/// <summary>A database that the verb <c>migrate</c> brings up to date.</summary>
internal abstract class ModuleDatabase(string connectionName)
{
    public string ConnectionName { get; } = connectionName;

    public abstract DbContext GetContext(IServiceProvider services);

    /// <summary>Applies what is missing.</summary>
    /// <returns>The number of migrations applied.</returns>
    public async Task<int> UpdateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var context = GetContext(services);
        var pending = await context.Database.GetPendingMigrationsAsync(cancellationToken);
        var count = pending.Count();
        if (count > 0)
        {
            await context.Database.MigrateAsync(cancellationToken);
        }

        await SeedAsync(services, cancellationToken);
        return count;
    }

    protected abstract Task SeedAsync(IServiceProvider services, CancellationToken cancellationToken);
}

internal sealed class ModuleDatabase<TContext>(
    string connectionName,
    Func<TContext, IServiceProvider, CancellationToken, Task>? seed
) : ModuleDatabase(connectionName)
    where TContext : DbContext
{
    public override DbContext GetContext(IServiceProvider services) => services.GetRequiredService<TContext>();

    protected override Task SeedAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        seed is null ? Task.CompletedTask : seed(services.GetRequiredService<TContext>(), services, cancellationToken);
}
