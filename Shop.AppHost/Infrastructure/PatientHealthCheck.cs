using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.AppHost.Infrastructure;

/// <summary>
/// Repeats a health check until it succeeds or <see cref="Limit"/> is over. Aspire repeats a failed check after 1, 2, 3, 4 and
/// then every 5 seconds, so a resource that waits for another would start seconds after the other is ready.
/// </summary>
internal sealed class PatientHealthCheck(IHealthCheck check) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var result = await AttemptAsync(context, cancellationToken);
            if (result.Status == HealthStatus.Healthy || Stopwatch.GetElapsedTime(started) > Limit)
                return result;
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task<HealthCheckResult> AttemptAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(AttemptLimit);
        try
        {
            return await check.CheckHealthAsync(context, attempt.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, error.Message, error);
        }
    }
}

internal static class PatientHealthCheckExtensions
{
    /// <summary>Makes every health check of the AppHost a <see cref="PatientHealthCheck"/>.</summary>
    public static void UsePatientHealthChecks(this IDistributedApplicationBuilder builder) =>
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var registration in options.Registrations)
            {
                var factory = registration.Factory;
                registration.Factory = services => new PatientHealthCheck(factory(services));
            }
        });
}
