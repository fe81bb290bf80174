using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.ServiceDefaults.Shutdown;

namespace Shop.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    public const string AlivePath = "/healthz";
    public const string ReadyPath = "/ready";

    /// <summary>How long a dependency may take to answer before it counts as down.</summary>
    private static readonly TimeSpan DependencyTimeout = TimeSpan.FromSeconds(3);

    private static readonly ReadyReport Stopping = new(false, [new("process", Ready: false, Up: true, "is stopping")]);

    public static void AddReadiness(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.TryAddSingleton<Readiness>();
        services.AddHostedService<DependencyMetrics>();
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
            {
                check.Timeout = DependencyTimeout;
            }
        });
    }

    /// <summary>
    /// <c>/healthz</c> succeeds while the process answers. It checks no dependency, so a broken database never restarts services.
    /// <c>/ready</c> reports each dependency, and fails from the moment the process receives SIGTERM. Both are available in every
    /// environment, without authentication.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet(AlivePath, () => TypedResults.Ok(new AliveReport(true)))
            .AllowAnonymous()
            .ExcludeFromDescription();

        endpoints
            .MapGet(
                ReadyPath,
                async (Readiness readiness, Draining draining, CancellationToken cancellationToken) =>
                {
                    var report = draining.IsStopping ? Stopping : await readiness.GetAsync(cancellationToken);
                    return TypedResults.Json(
                        report,
                        statusCode: report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
                    );
                }
            )
            .AllowAnonymous()
            .ExcludeFromDescription();
    }
}
