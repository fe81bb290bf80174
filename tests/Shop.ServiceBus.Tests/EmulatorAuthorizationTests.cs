using Amqp;
using Amqp.Framing;
using Amqp.Sasl;

namespace Shop.ServiceBus.Tests;

public sealed class EmulatorAuthorizationTests(EmulatorFixture fixture) : IClassFixture<EmulatorFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_link_without_a_token_is_refused()
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        var connection = await factory.CreateAsync(Address(null, null));
        var refused = new TaskCompletionSource<Error?>(TaskCreationOptions.RunContinuationsAsynchronously);

        var sender = new SenderLink(new Session(connection), "s", "queue-1");
        sender.AddClosedCallback((_, error) => refused.TrySetResult(error));
        var reason = await refused.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal("amqp:unauthorized-access", reason?.Condition?.ToString());
        await connection.CloseAsync();
    }

    [Fact]
    public async Task The_right_key_over_SASL_PLAIN_needs_no_token()
    {
        var connection = await new ConnectionFactory().CreateAsync(
            Address("RootManageSharedAccessKey", "SAS_KEY_VALUE")
        );

        var sender = new SenderLink(new Session(connection), "s", "queue-1");
        await sender.SendAsync(new Message("x"), Limit);

        await connection.CloseAsync();
    }

    [Fact]
    public async Task A_wrong_key_over_SASL_PLAIN_is_refused() =>
        await Assert.ThrowsAsync<AmqpException>(() =>
            new ConnectionFactory().CreateAsync(Address("RootManageSharedAccessKey", "WRONG"))
        );

    [Fact]
    public async Task An_unfinished_handshake_holds_up_nobody()
    {
        using var silent = new System.Net.Sockets.TcpClient();
        await silent.ConnectAsync("127.0.0.1", fixture.Emulator.Port, TestContext.Current.CancellationToken);

        await The_right_key_over_SASL_PLAIN_needs_no_token();
    }

    private Address Address(string? user, string? password) =>
        new("127.0.0.1", fixture.Emulator.Port, user, password, "/", "amqp");
}
