using System.Net;
using System.Net.Sockets;
using Shop.Testing;

namespace Shop.AppHost.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("shop data ").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task An_unknown_kind_of_infrastructure_ends_with_one_sentence()
    {
        var (exitCode, errors) = await RunAsync("--Shop:Infrastructure=cloud");

        Assert.Equal(1, exitCode);
        Assert.Equal("Shop:Infrastructure is 'cloud'; it takes 'processes' or 'containers'.", errors.Trim());
    }

    [Fact]
    public async Task Containers_cannot_start_on_empty_data_and_the_sentence_says_what_to_do()
    {
        var (exitCode, errors) = await RunAsync("--Shop:Infrastructure=containers", "--Shop:Fresh=true");

        Assert.Equal(1, exitCode);
        Assert.Equal(
            "Shop:Fresh=true works with processes only; to start containers on empty data, remove the volume 'shop-postgres' and the folder .shop first.",
            errors.Trim()
        );
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
        var (exitCode, errors) = await AppHostProcess.RunAsync(_data, [], path: _data);

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
        AppHostProcess.RunAsync(_data, arguments);
}
