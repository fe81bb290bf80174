namespace Shop.Bench;

/// <summary>How measured times are told.</summary>
internal static class Quantiles
{
    public static void Report(string what, List<double> milliseconds)
    {
        var (p50, p95, p99) = Of(milliseconds);
        Console.WriteLine(
            $"  {what, -15} p50 {p50, 6:0.0} ms   p95 {p95, 6:0.0} ms   p99 {p99, 6:0.0} ms   max {milliseconds[^1], 6:0.0} ms"
        );
    }

    /// <summary>Sorts the times, of which there is at least one.</summary>
    public static (double P50, double P95, double P99) Of(List<double> milliseconds)
    {
        milliseconds.Sort();
        return (At(0.50), At(0.95), At(0.99));

        double At(double quantile) =>
            milliseconds[(int)Math.Min(milliseconds.Count - 1, quantile * milliseconds.Count)];
    }
}
