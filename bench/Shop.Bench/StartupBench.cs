using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Shop.Bench;

/// <summary>How long the shop takes to start and to end, and what is left of it after the AppHost is killed.</summary>
internal static partial class StartupBench
{
    private const int SigTerm = 15;
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            throw new TimeoutException("This measurement reads /proc: it needs Linux.");
        var data = Directory.CreateTempSubdirectory("shop-bench-").FullName;
        try
        {
            await OnceAsync(
                "empty data, ended with SIGTERM",
                data,
                process => Kill(process.Id, SigTerm),
                cancellationToken
            );
            await OnceAsync("existing data, killed with SIGKILL", data, process => process.Kill(), cancellationToken);
            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task OnceAsync(
        string what,
        string data,
        Action<Process> end,
        CancellationToken cancellationToken
    )
    {
        Console.WriteLine(what);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo(
            "dotnet",
            ["run", "--no-build", "--project", "Shop.AppHost", "--", $"--Shop:DataDirectory={data}"]
        )
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("The shop is ready", StringComparison.Ordinal) == true)
            {
                Console.WriteLine($"  {line.Data}");
                ready.TrySetResult();
            }
        };
        process.BeginOutputReadLine();
        try
        {
            await ready.Task.WaitAsync(s_startLimit, cancellationToken);
            Console.WriteLine($"  ready    {clock.Elapsed.TotalSeconds, 5:0.0} s after the command");
            var appHost = ChildOf(process.Id);
            var others = OthersOn(data, appHost.Id);
            clock.Restart();
            end(appHost);
            await WaitUntilGoneAsync(appHost.Id, others, clock, cancellationToken);
            Console.WriteLine(
                $"  all gone {clock.Elapsed.TotalSeconds, 5:0.0} s after the signal ({others.Count + 1} processes)"
            );
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WaitUntilGoneAsync(
        int appHost,
        List<int> others,
        Stopwatch clock,
        CancellationToken cancellationToken
    )
    {
        while (others.Append(appHost).Where(IsAlive).ToList() is { Count: > 0 } left)
        {
            if (clock.Elapsed > s_endLimit)
                throw new TimeoutException(
                    $"Still there after {s_endLimit.TotalSeconds:0} s: {string.Join(", ", left.Select(CommandLine))}"
                );
            await Task.Delay(20, cancellationToken);
        }
    }

    // `dotnet run` starts the AppHost as its child.
    private static Process ChildOf(int parent) =>
        Process.GetProcessById(Pids().First(pid => ReadProc(pid, "stat") is { } stat && ParentIn(stat) == parent));

    // Everything that the AppHost started, whoever its parent is now: the engine starts processes on the AppHost's behalf.
    private static List<int> OthersOn(string data, int appHost)
    {
        var parents = Pids().ToDictionary(pid => pid, pid => ReadProc(pid, "stat") is { } stat ? ParentIn(stat) : 0);
        var engines = parents
            .Keys.Where(pid => CommandLine(pid).Contains($"--monitor {appHost}", StringComparison.Ordinal))
            .ToHashSet();
        return
        [
            .. parents.Keys.Where(pid =>
                pid != appHost && (IsBelow(pid) || CommandLine(pid).Contains(data, StringComparison.Ordinal))
            ),
        ];

        bool IsBelow(int pid)
        {
            for (var current = pid; current > 1; current = parents.GetValueOrDefault(current))
            {
                if (current == appHost || engines.Contains(current))
                    return true;
            }
            return false;
        }
    }

    private static IEnumerable<int> Pids() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0);

    private static int ParentIn(string stat) =>
        int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);

    private static bool IsAlive(int pid) => ReadProc(pid, "stat") is { } stat && stat[stat.LastIndexOf(')') + 2] != 'Z';

    private static string CommandLine(int pid) => ReadProc(pid, "cmdline")?.Replace('\0', ' ') ?? "";

    private static string? ReadProc(int pid, string file)
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

    private static string Root =>
        typeof(StartupBench)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == "ShopRoot")
            .Value!;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int pid, int signal);

    private static void Kill(int pid, int signal) => _ = KillNative(pid, signal);
}
