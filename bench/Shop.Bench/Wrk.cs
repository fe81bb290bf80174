using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Shop.Bench;

/// <summary>Load by wrk: so many connections, each of which asks again as soon as it was answered.</summary>
internal static partial class Wrk
{
    /// <exception cref="TimeoutException">It is not installed, or a request was answered with an error.</exception>
    public static async Task<Load> RunAsync(
        Uri address,
        string? token,
        int connections,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(
            "wrk",
            [
                "--latency",
                "--timeout",
                "30s",
                "-t1",
                $"-c{connections}",
                $"-d{duration.TotalSeconds}s",
                .. token is null ? [] : new[] { "-H", $"Authorization: Bearer {token}" },
                address.AbsoluteUri,
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return Read(output, address);
        }
        catch (Win32Exception)
        {
            throw new TimeoutException("wrk, which makes the load, is not installed (Debian: wrk).");
        }
    }

    private static Load Read(string output, Uri address)
    {
        if (Failures().Match(output) is { Success: true } failures)
            throw new TimeoutException($"{address} failed: {failures.Value}");
        return new Load(
            (int)Number(Requests().Match(output).Groups["count"]),
            Number(PerSecond().Match(output).Groups["rate"]),
            Time("50"),
            Time("99")
        );

        double Time(string percent)
        {
            var line = Percentile().Matches(output).First(match => match.Groups["percent"].Value == percent);
            var unit = line.Groups["unit"].Value switch
            {
                "us" => 0.001,
                "ms" => 1,
                _ => 1000,
            };
            return Number(line.Groups["time"]) * unit;
        }
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<count>\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"(?<percent>\d+)%\s+(?<time>[\d.]+)(?<unit>us|ms|s)")]
    private static partial Regex Percentile();

    [GeneratedRegex(@"(Non-2xx or 3xx responses|Socket errors):.*")]
    private static partial Regex Failures();
}

/// <summary>What came of a load.</summary>
/// <param name="Requests">How many were answered, all of them well.</param>
/// <param name="PerSecond">How many a second.</param>
/// <param name="P50">Half of them took no longer, in milliseconds.</param>
/// <param name="P99">99 of 100 took no longer, in milliseconds.</param>
internal sealed record Load(int Requests, double PerSecond, double P50, double P99);
