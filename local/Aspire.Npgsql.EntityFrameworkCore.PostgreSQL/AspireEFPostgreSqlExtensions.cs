using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a PostgreSQL <see cref="DbContext"/> with retries, a health check, traces and metrics.</summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string ConfigurationSection = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Registers a pooled <typeparamref name="TContext"/> on the connection string <c>ConnectionStrings:{connectionName}</c>.</summary>
    /// <typeparam name="TContext">The context to register; not registered before.</typeparam>
    /// <param name="builder">The application to add it to.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read from configuration.</param>
    /// <param name="configureDbContextOptions">Changes the context's options after PostgreSQL was set up.</param>
    /// <exception cref="InvalidOperationException">
    /// In Development, when the context is registered already; or, when the context is first used, that no connection
    /// string was configured.
    /// </exception>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null
    )
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        if (builder.Environment.IsDevelopment() && IsRegistered<TContext>(builder))
        {
            throw new InvalidOperationException(
                $"{typeof(TContext).Name} is registered already. Remove that registration, or keep it and call {nameof(EnrichNpgsqlDbContext)} instead."
            );
        }

        var settings = ReadSettings<TContext>(builder, connectionName);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            // Asked for here and not at start, so that migrations tools can build the model without a database.
            if (string.IsNullOrWhiteSpace(settings.ConnectionString) && !EF.IsDesignTime)
            {
                throw new InvalidOperationException(
                    $"{typeof(TContext).Name} has no connection string. Set 'ConnectionStrings:{connectionName}', or 'ConnectionString' in '{ConfigurationSection}' or '{ConfigurationSection}:{typeof(TContext).Name}'."
                );
            }

            options.UseNpgsql(
                settings.ConnectionString,
                npgsql =>
                {
                    if (!settings.DisableRetry)
                    {
                        npgsql.EnableRetryOnFailure();
                    }

                    if (settings.CommandTimeout is { } seconds)
                    {
                        npgsql.CommandTimeout(seconds);
                    }
                }
            );
            configureDbContextOptions?.Invoke(options);
        });

        Instrumentation.Add<TContext>(builder, settings);
    }

    /// <summary>Adds retries, a health check, traces and metrics to a <typeparamref name="TContext"/> registered elsewhere.</summary>
    /// <typeparam name="TContext">The context, registered before.</typeparam>
    /// <param name="builder">The application to add it to.</param>
    /// <param name="configureSettings">Changes the settings after they were read from configuration.</param>
    /// <exception cref="InvalidOperationException">When the context is not registered, or its own options contradict the settings.</exception>
    public static void EnrichNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null
    )
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);

        var settings = ReadSettings<TContext>(builder, connectionName: null);
        configureSettings?.Invoke(settings);

        if (!settings.DisableRetry || settings.CommandTimeout is not null)
        {
            if (!IsRegistered<TContext>(builder))
            {
                throw new InvalidOperationException(
                    $"{typeof(TContext).Name} is not registered. Register it before calling {nameof(EnrichNpgsqlDbContext)}."
                );
            }

            builder.Services.ConfigureDbContext<TContext>(options =>
                ContextEnrichment.Apply(options, settings, typeof(TContext).Name)
            );
        }

        Instrumentation.Add<TContext>(builder, settings);
    }

    private static bool IsRegistered<TContext>(IHostApplicationBuilder builder)
        where TContext : DbContext =>
        builder.Services.Any(service => service.ServiceType == typeof(DbContextOptions<TContext>));

    private static NpgsqlEntityFrameworkCorePostgreSQLSettings ReadSettings<TContext>(
        IHostApplicationBuilder builder,
        string? connectionName
    )
    {
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
        var section = builder.Configuration.GetSection(ConfigurationSection);
        section.Bind(settings);
        if (connectionName is not null)
        {
            section.GetSection(connectionName).Bind(settings);
        }

        section.GetSection(typeof(TContext).Name).Bind(settings);
        return settings;
    }
}
