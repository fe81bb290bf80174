using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Xunit;

namespace Shop.Testing;

/// <summary>The AppHost as a person starts it, run to its end.</summary>
public static class AppHostProcess
{
    private static readonly string s_program = Path.Combine(
        Metadata("ShopRoot"),
        "Shop.AppHost",
        "bin",
        Metadata("Configuration"),
        $"net{Environment.Version.Major}.0",
        "Shop.AppHost.dll"
    );

    /// <summary>Runs the AppHost on free ports and the given data directory; kills it after 60 seconds.</summary>
    public static Task<(int ExitCode, string Errors)> RunAsync(string data, params string[] arguments) =>
        RunAsync(data, arguments, Environment.GetEnvironmentVariable("PATH")!);

    /// <summary>As <see cref="RunAsync(string, string[])"/>, with another <c>PATH</c>.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(string data, string[] arguments, string path)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var start = new ProcessStartInfo(
            "dotnet",
            ["exec", s_program, $"--Shop:DataDirectory={data}", $"--Shop:GatewayPort={FreePort()}", .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = path;
        start.Environment["ASPNETCORE_URLS"] = $"http://localhost:{FreePort()}";
        start.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{FreePort()}";
        start.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{FreePort()}";
        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        await output;
        return (process.ExitCode, await errors);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Metadata(string key) =>
        typeof(AppHostProcess)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == key)
            .Value!;
}
