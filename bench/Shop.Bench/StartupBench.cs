using System.Diagnostics;
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
            var ended = process.WaitForExitAsync(cancellationToken);
            if (await Task.WhenAny(ready.Task, ended).WaitAsync(s_startLimit, cancellationToken) == ended)
                throw new TimeoutException("The AppHost ended before the shop was ready; its lines above say why.");
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
        while (others.Append(appHost).Where(Processes.IsAlive).ToList() is { Count: > 0 } left)
        {
            if (clock.Elapsed > s_endLimit)
                throw new TimeoutException(
                    $"Still there after {s_endLimit.TotalSeconds:0} s: {string.Join(", ", left.Select(Processes.CommandLine))}"
                );
            await Task.Delay(20, cancellationToken);
        }
    }

    // `dotnet run` starts the AppHost as its child.
    private static Process ChildOf(int parent) =>
        Process.GetProcessById(Processes.All().First(pid => Processes.ParentOf(pid) == parent));

    // Everything that the AppHost started, whoever its parent is now: the engine starts processes on the AppHost's behalf.
    private static List<int> OthersOn(string data, int appHost) =>
        [
            .. Processes
                .Below(appHost)
                .Union(
                    Processes.All().Where(pid => Processes.CommandLine(pid).Contains(data, StringComparison.Ordinal))
                )
                .Where(pid => pid != appHost),
        ];

    private static string Root =>
        typeof(StartupBench)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == "ShopRoot")
            .Value!;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int pid, int signal);

    private static void Kill(int pid, int signal) => _ = KillNative(pid, signal);
}
