using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>Adds retries and a command timeout to options that somebody else configured, and refuses to overrule them.</summary>
internal static class ContextEnrichment
{
    public static void Apply(
        DbContextOptionsBuilder options,
        NpgsqlEntityFrameworkCorePostgreSQLSettings settings,
        string contextName
    )
    {
        var own = options.Options.Extensions.OfType<RelationalOptionsExtension>().FirstOrDefault();
        options.UseNpgsql(npgsql =>
        {
            if (!settings.DisableRetry && MayAddRetries(own, options.Options))
            {
                npgsql.EnableRetryOnFailure();
            }

            if (settings.CommandTimeout is not { } seconds)
            {
                return;
            }

            if (own?.CommandTimeout is { } configured && configured != seconds)
            {
                throw new InvalidOperationException(
                    $"The command timeout of {contextName} is {configured} s in its options and {seconds} s in the settings; set it in one place."
                );
            }

            npgsql.CommandTimeout(seconds);
        });
    }

    private static bool MayAddRetries(RelationalOptionsExtension? own, DbContextOptions options)
    {
        if (own?.ExecutionStrategyFactory is not { } factory)
        {
            return true;
        }

        // The one way to see which strategy a factory makes; none looks at the missing dependencies before it executes.
#pragma warning disable EF1001
        var strategy = factory(new ExecutionStrategyDependencies(null!, options, null!));
#pragma warning restore EF1001
        return strategy switch
        {
            NpgsqlRetryingExecutionStrategy => false,
            { RetriesOnFailure: false } => true,
            _ => throw new InvalidOperationException(
                "The context has an execution strategy of its own; set DisableRetry to keep it."
            ),
        };
    }
}
