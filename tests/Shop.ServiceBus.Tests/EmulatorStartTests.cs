using System.Net;
using System.Net.Sockets;
using Azure.Messaging.ServiceBus;
using Shop.ServiceBusEmulator.Amqp;

namespace Shop.ServiceBus.Tests;

public sealed class EmulatorStartTests(EmulatorFixture fixture) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task Health_is_told_over_http()
    {
        using var http = new HttpClient { BaseAddress = fixture.Emulator.AdminAddress };

        var health = await http.GetStringAsync("/healthz", TestContext.Current.CancellationToken);

        Assert.Equal("Healthy", health);
    }

    [Fact]
    public async Task Sigterm_ends_it_with_exit_code_0()
    {
        await using var emulator = await EmulatorProcess.StartAsync(
            EmulatorFixture.Configuration,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(0, await emulator.TerminateAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_bad_file_is_refused_with_its_line_and_the_reason()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "Config.json",
            "{\n  \"UserConfig\": { \"Namespaces\": [ {\n \"Queues\": [ { \"Name\": \"a\",\n \"Properties\": { \"LockDuration\": \"soon\" } } ] } ] } }"
        );

        var (exitCode, output) = await EmulatorProcess.RunAsync(
            ["--port", "0", "--config", file, "--data", folder.Path],
            TestContext.Current.CancellationToken
        );

        Assert.Equal(1, exitCode);
        Assert.Contains("Config.json(4): 'LockDuration' must be an ISO 8601 duration", output);
    }

    [Fact]
    public async Task A_port_in_use_is_refused_with_the_reason()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var folder = new TemporaryFolder();
        var file = folder.Write("Config.json", EmulatorFixture.Configuration);
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, output) = await EmulatorProcess.RunAsync(
            ["--port", $"{port}", "--config", file, "--data", folder.Path],
            TestContext.Current.CancellationToken
        );

        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {port} is in use", output);
    }

    [Fact]
    public async Task It_listens_where_bind_says_and_nowhere_else()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a second loopback address.");
        await using var emulator = await EmulatorProcess.StartAsync(
            EmulatorFixture.Configuration,
            TestContext.Current.CancellationToken,
            ["--bind", "127.0.0.2"]
        );
        using var client = new TcpClient();

        await client.ConnectAsync("127.0.0.2", emulator.Port, TestContext.Current.CancellationToken);
        Assert.Equal("127.0.0.2", emulator.AdminAddress.Host);
        using var elsewhere = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () =>
            await elsewhere.ConnectAsync("127.0.0.1", emulator.Port, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task It_listens_on_both_loopback_addresses()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        foreach (var host in new[] { "127.0.0.1", "[::1]", "localhost" })
        {
            await using var client = new ServiceBusClient(
                fixture.ConnectionString.Replace("127.0.0.1", host, StringComparison.Ordinal)
            );
            await using var sender = client.CreateSender("queue-1");
            await sender.SendMessageAsync(new ServiceBusMessage(host), TestContext.Current.CancellationToken);
            await using var receiver = client.CreateReceiver("queue-1");
            var message = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(host, message.Body.ToString());
            await receiver.CompleteMessageAsync(message, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_port_in_use_on_the_second_loopback_address_is_refused_with_the_reason()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using var taken = new TcpListener(IPAddress.IPv6Loopback, 0);
        taken.Start();
        using var folder = new TemporaryFolder();
        var file = folder.Write("Config.json", EmulatorFixture.Configuration);
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, output) = await EmulatorProcess.RunAsync(
            ["--port", $"{port}", "--config", file, "--data", folder.Path],
            TestContext.Current.CancellationToken
        );

        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {port} is in use", output);
    }

    [Theory]
    [InlineData("2001:db8::1")]
    [InlineData("192.0.2.1")]
    [InlineData("203.0.113.7")]
    public void A_second_address_that_the_machine_does_not_have_is_left_out(string address)
    {
        using var listener = new SocketListener(
            new IPEndPoint(IPAddress.Loopback, 0),
            IPAddress.Parse(address),
            new SaslServer(new SharedAccessKey("name", "key")),
            () => 0
        );

        Assert.False(listener.HasSecond);
        using var client = new TcpClient();
        client.Connect(listener.Endpoint);
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused()
    {
        var (exitCode, output) = await EmulatorProcess.RunAsync(
            ["--config", "Config.json", "--data", "data", "--bind", "everywhere"],
            TestContext.Current.CancellationToken
        );

        Assert.Equal(1, exitCode);
        Assert.Contains("--bind must be an IP address such as 0.0.0.0, not 'everywhere'.", output);
    }

    [Fact]
    public async Task A_data_folder_in_use_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("Config.json", EmulatorFixture.Configuration);

        var (exitCode, output) = await EmulatorProcess.RunAsync(
            ["--port", "0", "--config", file, "--data", fixture.Emulator.DataDirectory],
            TestContext.Current.CancellationToken
        );

        Assert.Equal(1, exitCode);
        Assert.Contains("is in use by another emulator", output);
    }
}
