using System.Text.RegularExpressions;

namespace Shop.AppHost.Tests.Telemetry;

/// <summary>
/// A metric as a service reported it, and what Prometheus calls its time series and their labels once it has come over OTLP.
/// </summary>
/// <remarks>
/// Names: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/, which is what Prometheus and the
/// collector do unless they are told otherwise.
/// </remarks>
internal sealed partial record ReceivedMetric(IReadOnlySet<string> SeriesNames, IReadOnlySet<string> LabelNames)
{
    private static readonly Dictionary<string, string> Units = new()
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["By"] = "bytes",
        ["%"] = "percent",
    };

    public static ReceivedMetric Of(Metric metric)
    {
        var name = Escape(metric.Name);
        var unit = Units.GetValueOrDefault(metric.Unit, "");
        if (metric.Gauge is not null && metric.Unit == "1")
        {
            unit = "ratio";
        }

        name = unit.Length == 0 || name.EndsWith(unit, StringComparison.Ordinal) ? name : $"{name}_{unit}";
        IEnumerable<KeyValue> attributes = metric switch
        {
            { Histogram: { } histogram } => histogram.DataPoints.SelectMany(point => point.Attributes),
            { Sum: { } sum } => sum.DataPoints.SelectMany(point => point.Attributes),
            { Gauge: { } gauge } => gauge.DataPoints.SelectMany(point => point.Attributes),
            _ => [],
        };
        var labels = attributes.Select(attribute => Escape(attribute.Key)).ToHashSet();
        return metric switch
        {
            { Histogram: not null } => new(
                new HashSet<string> { $"{name}_bucket", $"{name}_count", $"{name}_sum" },
                new HashSet<string>([.. labels, "le"])
            ),
            { Sum.IsMonotonic: true } => new(new HashSet<string> { $"{name}_total" }, labels),
            _ => new(new HashSet<string> { name }, labels),
        };
    }

    private static string Escape(string name) => NotInNames().Replace(name, "_");

    [GeneratedRegex("[^a-zA-Z0-9:]+")]
    private static partial Regex NotInNames();
}
