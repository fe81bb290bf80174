using System.Diagnostics;
using System.Globalization;

namespace Shop.AppHost.Infrastructure;

/// <summary>What the processes of this run have in common: who started them and what they weigh.</summary>
internal static class ProcessTree
{
    /// <summary>When the command was typed: the start of <c>dotnet run</c>, if that is our parent, else our own.</summary>
    public static DateTime StartOfCommand()
    {
        using var self = Process.GetCurrentProcess();
        try
        {
            if (OperatingSystem.IsLinux() && ParentOf(self.Id) is { } parent)
            {
                using var command = Process.GetProcessById(parent);
                if (command.ProcessName == "dotnet")
                    return command.StartTime;
            }
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException)
        {
            // The parent has gone: our own start will do.
        }
        return self.StartTime;
    }

    /// <summary>
    /// Proportional set size of every process that descends from us or from our engine,
    /// on Linux; nothing elsewhere.
    /// </summary>
    public static (double Megabytes, int Processes) Memory()
    {
        if (!OperatingSystem.IsLinux())
            return (0, 0);
        var parents = Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .ToDictionary(pid => pid, pid => ParentOf(pid) ?? 0);
        var monitored = parents.Keys.Where(IsOurEngine).ToHashSet();
        var ours = parents.Keys.Where(IsOurs).ToList();
        return (ours.Sum(ProportionalKilobytes) / 1024, ours.Count);

        bool IsOurs(int pid)
        {
            for (var current = pid; current > 1; current = parents.GetValueOrDefault(current))
            {
                if (current == Environment.ProcessId || monitored.Contains(current))
                    return true;
            }
            return false;
        }
    }

    // DCP detaches itself; it names the process that it watches over.
    private static bool IsOurEngine(int pid) =>
        ReadProc(pid, "cmdline") is { } commandLine
        && commandLine.Contains($"--monitor\0{Environment.ProcessId}\0", StringComparison.Ordinal);

    private static int? ParentOf(int pid) =>
        ReadProc(pid, "stat") is { } stat
            // pid (name, which may hold spaces and parentheses) state ppid ...
            ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture)
            : null;

    private static double ProportionalKilobytes(int pid)
    {
        var line = ReadProc(pid, "smaps_rollup")
            ?.Split('\n')
            .FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return line is null
            ? 0
            : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static string? ReadProc(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended meanwhile
        }
    }
}
