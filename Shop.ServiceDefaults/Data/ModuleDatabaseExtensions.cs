using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.ServiceDefaults.Data;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.ServiceDefaults;

/// <summary>A module's own PostgreSQL database.</summary>
public static class ModuleDatabaseExtensions
{
    // What the connection string itself says comes later and wins. A small pool, since all services share one server and a
    // few connections keep its cores busy; statements are parsed and planned once; and no session state is ever set that the
    // next user of a connection would have to be protected from.
    private const string Defaults = "Maximum Pool Size=16;Max Auto Prepare=100;No Reset On Close=true;";

    /// <summary>
    /// Adds <typeparamref name="TContext"/> on the connection string <paramref name="connectionName"/>, with snake_case names,
    /// telemetry, a readiness check of that name, and the verb <c>migrate</c>. Call it once per module, each with its own
    /// context.
    /// </summary>
    /// <param name="builder">The host that is being built.</param>
    /// <param name="connectionName">The connection string's name, such as <c>orderingdb</c>.</param>
    /// <param name="seed">Runs after the migrations, in the verb. It may run many times, so it must be idempotent.</param>
    /// <param name="fallback">The name of the connection string that stands in while that one is not set.</param>
    /// <typeparam name="TContext">The module's context; its migrations are in the context's assembly.</typeparam>
    public static void AddModuleDatabase<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Func<TContext, IServiceProvider, CancellationToken, Task>? seed = null,
        string? fallback = null
    )
        where TContext : DbContext
    {
        if (fallback is not null && builder.Configuration.GetConnectionString(connectionName) is null)
        {
            builder.Configuration[$"ConnectionStrings:{connectionName}"] = builder.Configuration.GetConnectionString(
                fallback
            );
        }

        builder.AddNpgsqlDbContext<TContext>(
            connectionName,
            settings =>
            {
                // Transactions are opened by hand (one per message), which the retrying strategy forbids. What is repeated
                // is the whole unit of work: a message by the dispatcher, a request by its caller's idempotency key.
                settings.DisableRetry = true;
                // Replaced by one that goes by the database's name.
                settings.DisableHealthChecks = true;
                if (!string.IsNullOrEmpty(settings.ConnectionString))
                {
                    settings.ConnectionString = Defaults + settings.ConnectionString;
                }
            },
            options =>
                options
                    .UseSnakeCaseNamingConvention()
                    .UseNpgsql(npgsql => npgsql.ConfigureDataSource(DatabaseSpans.Configure))
        );

        builder.Services.AddSettings<MigrateOptions>(MigrateOptions.Section);
        builder.Services.AddConnectionString(
            connectionName,
            "the PostgreSQL database and its login: Host=...;Database=...;Username=...;Password=..."
                + (fallback is null ? "" : $"; without it that of {fallback}"),
            fallback is null ? SettingNeed.Always : SettingNeed.Optional
        );
        builder.Services.AddSingleton<ModuleDatabase>(new ModuleDatabase<TContext>(connectionName, seed));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck<TContext>>(connectionName);
    }
}
