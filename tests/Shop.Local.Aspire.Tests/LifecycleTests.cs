using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Shop.Local.Aspire.Tests;

/// <summary>Starting and stopping, of resources and of everything.</summary>
public sealed class LifecycleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restart_stop_and_start_really_do_it()
    {
        await using var app = EngineApp.Create();
        var stopped = new List<int?>();
        app.AddShell("server", "exec sleep 1000")
            .OnResourceStopped(
                (_, @event, _) =>
                {
                    stopped.Add(@event.ResourceEvent.Snapshot.ExitCode);
                    return Task.CompletedTask;
                }
            );
        await app.StartAsync();
        var first = EngineApp.PidOf(await app.WaitForAsync("server", KnownResourceStates.Running));

        Assert.True((await app.ExecuteAsync("server", "resource-restart")).Success);
        var second = await app.WaitForAsync("server", KnownResourceStates.Running);
        Assert.NotEqual(first, EngineApp.PidOf(second));
        Assert.False(IsAlive(first));

        Assert.True((await app.ExecuteAsync("server", KnownResourceCommands.StopCommand)).Success);
        var ended = await app.WaitForAsync("server", [.. KnownResourceStates.TerminalStates]);
        Assert.False(IsAlive(EngineApp.PidOf(second)));
        Assert.NotNull(ended.StopTimeStamp);
        Assert.Equal(2, stopped.Count);

        Assert.True((await app.ExecuteAsync("server", KnownResourceCommands.StartCommand)).Success);
        var third = await app.WaitForAsync("server", KnownResourceStates.Running);
        Assert.True(IsAlive(EngineApp.PidOf(third)));
    }

    [Fact]
    public async Task A_resource_with_explicit_start_waits_for_the_command()
    {
        await using var app = EngineApp.Create();
        app.AddShell("tool", "exec sleep 1000").WithExplicitStart();
        await app.StartAsync();
        await app.WaitForAsync("tool", KnownResourceStates.NotStarted);

        await app.ExecuteAsync("tool", KnownResourceCommands.StartCommand);

        await app.WaitForAsync("tool", KnownResourceStates.Running);
    }

    [Fact]
    public async Task A_direct_port_in_use_is_said_in_one_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var app = EngineApp.Create();
        app.AddShell("server", "exec sleep 1000").WithEndpoint(port: port, isProxied: false);

        await app.StartAsync();

        await app.WaitForAsync("server", KnownResourceStates.FailedToStart);
        Assert.Contains(
            $"Port {port}, which endpoint 'tcp' of resource 'server' needs, is in use",
            await app.LogOfAsync("server")
        );
    }

    [Fact]
    public async Task Stopping_the_application_leaves_no_process()
    {
        await using var app = EngineApp.Create();
        for (var i = 0; i < 5; i++)
        {
            app.AddShell($"server{i}", "exec sleep 1000");
        }

        await app.StartAsync();
        var pids = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            pids.Add(EngineApp.PidOf(await app.WaitForAsync($"server{i}", KnownResourceStates.Running)));
        }

        Assert.All(pids, pid => Assert.True(IsAlive(pid)));
        await app.Application.StopAsync(app.Limit);
        Assert.All(pids, pid => Assert.False(IsAlive(pid)));
    }

    [Fact]
    public async Task What_sends_telemetry_ends_while_the_others_still_run()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await using var app = EngineApp.Create();
            const string loop = "echo ready; while :; do sleep 0.05; done";
            var server = app.AddShell("server", $"trap 'touch ended; exit' TERM; {loop}")
                .WithWorkingDirectory(folder.FullName);
            app.AddShell("client", $"trap 'sleep 0.3; ls > seen; exit' TERM; {loop}")
                .WithWorkingDirectory(folder.FullName)
                .WithOtlpExporter()
                .WaitFor(server);
            await app.StartAsync();
            await app.ReadLogUntilAsync("server", "ready");
            await app.ReadLogUntilAsync("client", "ready");

            await app.Application.StopAsync(app.Limit);

            Assert.True(File.Exists(Path.Combine(folder.FullName, "ended")));
            var seen = await File.ReadAllLinesAsync(Path.Combine(folder.FullName, "seen"), Ct);
            Assert.DoesNotContain("ended", seen);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task After_a_kill_of_the_AppHost_nothing_is_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        var mark = $"SHOP_TEST_MARK={Guid.NewGuid():N}";
        var program = typeof(Projects.Shop_Local_Aspire_TestAppHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true };
        start.Environment["SHOP_TEST_MARK"] = mark.Split('=')[1];
        using var host = Process.Start(start)!;
        try
        {
            await ReadUntilAsync(host.StandardOutput, "started", Ct);
            Assert.True(Marked(mark).Count > 5, "The AppHost has started processes.");
        }
        finally
        {
            host.Kill();
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        while (Marked(mark) is { Count: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, $"Left: {string.Join(", ", left)}");
            await Task.Delay(100, Ct);
        }
    }

    [Fact]
    public void Publishing_is_refused_in_one_sentence()
    {
        var refusal = Assert.Throws<DistributedApplicationException>(() =>
            DistributedApplication.CreateBuilder(["--operation", "publish"])
        );
        Assert.Contains("can only run on this machine", refusal.Message);
    }

    private static async Task ReadUntilAsync(StreamReader output, string text, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(40));
        while (await output.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The process ended without printing '{text}'.");
    }

    private static List<string> Marked(string mark) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(folder => Read(Path.Combine(folder, "environ")).Split('\0').Contains(mark))
                .Select(folder => Read(Path.Combine(folder, "cmdline")).Replace('\0', ' ')),
        ];

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
