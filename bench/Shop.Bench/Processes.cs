using System.Globalization;

namespace Shop.Bench;

/// <summary>What Linux tells about processes in <c>/proc</c>.</summary>
internal static class Processes
{
    // USER_HZ, 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public static IEnumerable<int> All() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0);

    /// <summary>The process's descendants, and those of the engine that starts processes on its behalf.</summary>
    public static List<int> Below(int process)
    {
        var parents = All().ToDictionary(pid => pid, ParentOf);
        var roots = parents
            .Keys.Where(pid => CommandLine(pid).Contains($"--monitor {process}", StringComparison.Ordinal))
            .Append(process)
            .ToHashSet();
        return [.. parents.Keys.Where(pid => pid != process && IsBelow(pid))];

        bool IsBelow(int pid)
        {
            for (var current = pid; current > 1; current = parents.GetValueOrDefault(current))
            {
                if (roots.Contains(current))
                    return true;
            }
            return false;
        }
    }

    public static int ParentOf(int pid) => Stat(pid) is { } stat ? int.Parse(stat[1], CultureInfo.InvariantCulture) : 0;

    public static bool IsAlive(int pid) => Stat(pid) is { } stat && stat[0] != "Z";

    /// <summary>User and system time since the process began, and that of its children that have ended.</summary>
    public static TimeSpan Cpu(int pid) =>
        Stat(pid) is { } stat
            ? TimeSpan.FromSeconds(
                stat[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond
            )
            : TimeSpan.Zero;

    public static string CommandLine(int pid) => Read(pid, "cmdline")?.Replace('\0', ' ') ?? "";

    // The fields after the name, which may itself have spaces.
    private static string[]? Stat(int pid) =>
        Read(pid, "stat") is { } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : null;

    private static string? Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
