using System.Diagnostics;
using OpenTelemetry;

namespace Shop.Gateway.Routing;

/// <summary>
/// Leaves out the spans in which YARP probes the services. They are of the same source as those of requests that are passed
/// on, which belong into their traces.
/// </summary>
internal sealed class UntracedProbes : BaseProcessor<Activity>
{
    // All of a cluster, and each of its destinations.
    private static readonly string[] Probing = ["proxy.cluster_health_checks", "proxy.destination_health_check"];

    /// <inheritdoc />
    public override void OnStart(Activity data)
    {
        // Not at its end: the exporter may come before this processor.
        if (Probing.Contains(data.OperationName))
        {
            data.IsAllDataRequested = false;
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
