using System.Diagnostics;
using OpenTelemetry;

namespace Shop.Gateway.Routing;

/// <summary>
/// Leaves out the spans in which YARP probes the services. They are of the same source as those of requests that are passed
/// on, which belong into their traces.
/// </summary>
internal sealed class UntracedProbes : BaseProcessor<Activity>
{
    private const string Probing = "proxy.cluster_health_checks";

    /// <inheritdoc />
    public override void OnEnd(Activity data)
    {
        if (data.OperationName == Probing)
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
