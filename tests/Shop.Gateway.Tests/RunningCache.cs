using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using StackExchange.Redis;

namespace Shop.Gateway.Tests;

/// <summary>A real cache server of this test's own, which it may kill.</summary>
public sealed class RunningCache : IAsyncDisposable
{
    private readonly int port = FreePort();
    private readonly string folder = Directory.CreateTempSubdirectory("gateway-cache-").FullName;
    private Process? server;

    private RunningCache() { }

    public string Address => $"127.0.0.1:{port}";

    public string Setting => "ConnectionStrings:cache=" + Address;

    public static async Task<RunningCache> StartAsync()
    {
        var cache = new RunningCache();
        await cache.RunAsync();
        return cache;
    }

    public async Task RunAsync()
    {
        var program = typeof(RunningCache)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(one => one.Key == "Garnet")
            .Value!;
        string[] options = ["--bind", "127.0.0.1", "--lua", "--lua-transaction-mode", "--memory", "64m"];
        string[] more = ["--index", "16m", "--device-type", "RandomAccess", "--port", $"{port}"];
        server = Process.Start(
            new ProcessStartInfo("dotnet", ["exec", program, .. options, .. more])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        server.OutputDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        var connect = ConfigurationOptions.Parse(Address);
        connect.AbortOnConnectFail = false;
        connect.ConnectTimeout = 30_000;
        await using var redis = await ConnectionMultiplexer.ConnectAsync(connect);
        var limit = Stopwatch.StartNew();
        while (!redis.IsConnected)
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(30) && !server.HasExited, "The cache does not answer.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await redis.GetDatabase().PingAsync();
    }

    public async Task KillAsync()
    {
        server!.Kill();
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        server.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            try
            {
                await KillAsync();
            }
            catch (InvalidOperationException)
            {
                // The test has killed it.
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
