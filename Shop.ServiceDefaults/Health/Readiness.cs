using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;

namespace Shop.ServiceDefaults.Health;

/// <summary>
/// The latest answer of every dependency, at most a second old: probes from several sides share one round of checks, so they
/// cannot hammer the dependencies.
/// </summary>
internal sealed class Readiness(HealthCheckService checks, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _oneRound = new(1);
    private (ReadyReport Report, long TakenAt)? _latest;

    public async Task<ReadyReport> GetAsync(CancellationToken cancellationToken)
    {
        await _oneRound.WaitAsync(cancellationToken);
        try
        {
            if (_latest is not { } latest || time.GetElapsedTime(latest.TakenAt) >= MaxAge)
            {
                // What the checks ask is in no trace, as the probe itself is in none.
                using var untraced = SuppressInstrumentationScope.Begin();
                // Not the caller's token: a probe that gives up must not look like a dependency that is down.
                var report = Describe(await checks.CheckHealthAsync(CancellationToken.None));
                _latest = latest = (report, time.GetTimestamp());
            }

            return latest.Report;
        }
        finally
        {
            _oneRound.Release();
        }
    }

    public void Dispose() => _oneRound.Dispose();

    private static ReadyReport Describe(HealthReport report)
    {
        var dependencies = report
            .Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new DependencyReport(
                entry.Key,
                Ready: entry.Value.Status != HealthStatus.Unhealthy,
                Up: entry.Value.Status == HealthStatus.Healthy,
                Describe(entry.Value)
            ))
            .ToArray();
        return new ReadyReport(dependencies.All(dependency => dependency.Ready), dependencies);
    }

    // An exception's message may name hosts and users; it goes to the log (HealthCheckService writes it), not to the caller.
    private static string? Describe(HealthReportEntry entry) =>
        entry.Exception is null ? entry.Description : "does not answer; the log has the reason";
}
