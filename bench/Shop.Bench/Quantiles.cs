namespace Shop.Bench;

/// <summary>How measured times are told.</summary>
internal static class Quantiles
{
    public static void Report(string what, List<double> milliseconds)
    {
        milliseconds.Sort();
        Console.WriteLine(
            $"  {what, -15} p50 {At(0.50), 6:0.0} ms   p95 {At(0.95), 6:0.0} ms   p99 {At(0.99), 6:0.0} ms   max {milliseconds[^1], 6:0.0} ms"
        );

        double At(double quantile) =>
            milliseconds[(int)Math.Min(milliseconds.Count - 1, quantile * milliseconds.Count)];
    }
}
