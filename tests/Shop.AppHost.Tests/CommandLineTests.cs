using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Shop.AppHost.Tests;

public sealed class CommandLineTests : IDisposable
{
    private static readonly string s_appHost = Path.Combine(
        Metadata("ShopRoot"),
        "Shop.AppHost",
        "bin",
        Metadata("Configuration"),
        $"net{Environment.Version.Major}.0",
        "Shop.AppHost.dll"
    );

    private readonly string _data = Directory.CreateTempSubdirectory("shop data ").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task An_unknown_kind_of_infrastructure_ends_with_one_sentence()
    {
        var (exitCode, errors) = await RunAsync("--Shop:Infrastructure=cloud");

        Assert.Equal(1, exitCode);
        Assert.Equal("Shop:Infrastructure is 'cloud'; it takes 'auto', 'processes' or 'containers'.", errors.Trim());
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (exitCode, errors) = await RunAsync($"--Shop:GatewayPort={port}");

        Assert.Equal(1, exitCode);
        Assert.Contains(
            $"Port {port}, which the gateway needs, is in use by another program",
            errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_data_directory_that_another_shop_uses_is_refused()
    {
        using var other = new FileStream(
            Path.Combine(_data, "lock"),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None
        );

        var (exitCode, errors) = await RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("Another shop is running on", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_Node_is_named_with_where_to_get_it()
    {
        var (exitCode, errors) = await RunAsync([], path: _data);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            "node was not found on the PATH: install Node.js 20 or later from https://nodejs.org and start again.",
            errors.Trim()
        );
    }

    [Fact]
    public async Task A_database_that_cannot_start_is_named_with_its_reason()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_data, "postgres", "18")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        var (exitCode, errors) = await RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("postgres did not start", errors, StringComparison.Ordinal);
        Assert.Contains("postgresql.conf", errors, StringComparison.Ordinal); // what PostgreSQL said
        Assert.Contains("--Shop:Fresh=true", errors, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Errors)> RunAsync(params string[] arguments) =>
        RunAsync(arguments, Environment.GetEnvironmentVariable("PATH")!);

    private async Task<(int ExitCode, string Errors)> RunAsync(string[] arguments, string path)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["exec", s_appHost, $"--Shop:DataDirectory={_data}", $"--Shop:GatewayPort={FreePort()}", .. arguments]
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
        typeof(CommandLineTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == key)
            .Value!;
}
