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
        var connection = await AnonymousAsync();

        var error = await RefusalAsync(connection, "queue-1");

        Assert.Equal("amqp:unauthorized-access", error?.Condition?.ToString());
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
    public async Task A_token_opens_links_to_its_own_audience_only()
    {
        var connection = await AnonymousAsync();
        Assert.Equal(202, (await PutTokenAsync(connection, Token("queue-2"))).Status);

        await new SenderLink(new Session(connection), "own", "queue-2").SendAsync(new Message("x"), Limit);
        var error = await RefusalAsync(connection, "queue-1");

        Assert.Equal("amqp:unauthorized-access", error?.Condition?.ToString());
        await connection.CloseAsync();
    }

    [Fact]
    public async Task A_token_of_the_whole_namespace_opens_links_to_everything()
    {
        var connection = await AnonymousAsync();
        await PutTokenAsync(connection, Token(""));

        await new SenderLink(new Session(connection), "any", "queue-2").SendAsync(new Message("x"), Limit);

        await connection.CloseAsync();
    }

    [Theory]
    [InlineData("SAS_KEY_VALUE", -1, "The token has expired.")]
    [InlineData("ANOTHER_KEY", 60, "The token has an invalid signature.")]
    public async Task A_token_that_is_expired_or_signed_with_another_key_is_refused(
        string key,
        int seconds,
        string reason
    )
    {
        var connection = await AnonymousAsync();

        var (status, condition, description) = await PutTokenAsync(connection, Token("queue-1", key, seconds));

        Assert.Equal(401, status);
        Assert.Equal("amqp:unauthorized-access", condition);
        Assert.Contains(reason, description);
        Assert.NotNull(await RefusalAsync(connection, "queue-1"));
        await connection.CloseAsync();
    }

    [Fact]
    public async Task The_key_is_the_one_of_the_command_line()
    {
        await using var emulator = await EmulatorProcess.StartAsync(
            EmulatorFixture.Configuration,
            TestContext.Current.CancellationToken,
            ["--key", "another secret"]
        );
        Address With(string key) => new("127.0.0.1", emulator.Port, EmulatorSasToken.KeyName, key, "/", "amqp");

        var connection = await new ConnectionFactory().CreateAsync(With("another secret"));
        var token = EmulatorSasToken.Sign("another secret", "sb://x/queue-1", DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(202, (await PutTokenAsync(connection, token)).Status);
        Assert.Equal(401, (await PutTokenAsync(connection, Token("queue-1"))).Status);
        await connection.CloseAsync();
        await Assert.ThrowsAsync<AmqpException>(() => new ConnectionFactory().CreateAsync(With("SAS_KEY_VALUE")));
    }

    [Fact]
    public async Task An_unfinished_handshake_holds_up_nobody()
    {
        using var silent = new System.Net.Sockets.TcpClient();
        await silent.ConnectAsync("127.0.0.1", fixture.Emulator.Port, TestContext.Current.CancellationToken);

        await The_right_key_over_SASL_PLAIN_needs_no_token();
    }

    private static string Token(string path, string key = "SAS_KEY_VALUE", int seconds = 60) =>
        EmulatorSasToken.Sign(key, $"sb://127.0.0.1/{path}", DateTimeOffset.UtcNow.AddSeconds(seconds));

    private Task<Connection> AnonymousAsync()
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        return factory.CreateAsync(Address(null, null));
    }

    /// <summary>Why a link is refused; null when it is not within the limit.</summary>
    private static async Task<Error?> RefusalAsync(Connection connection, string queue)
    {
        var refused = new TaskCompletionSource<Error?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sender = new SenderLink(new Session(connection), $"s-{Guid.NewGuid()}", queue);
        sender.AddClosedCallback((_, error) => refused.TrySetResult(error));
        return await refused.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    private static async Task<(int Status, string? Condition, string? Description)> PutTokenAsync(
        Connection connection,
        string token
    )
    {
        var session = new Session(connection);
        var replies = new ReceiverLink(
            session,
            $"replies-{Guid.NewGuid()}",
            new Attach
            {
                Source = new Source { Address = "$cbs" },
                Target = new Target { Address = "here" },
            },
            null
        );
        var request = new Message(token)
        {
            Properties = new Properties { MessageId = "1", ReplyTo = "here" },
            ApplicationProperties = new ApplicationProperties
            {
                ["operation"] = "put-token",
                ["type"] = "servicebus.windows.net:sastoken",
            },
        };
        await new SenderLink(session, $"requests-{Guid.NewGuid()}", "$cbs").SendAsync(request, Limit);
        var reply = await replies.ReceiveAsync(Limit);
        await session.CloseAsync();
        return (
            (int)reply.ApplicationProperties["status-code"],
            reply.ApplicationProperties["error-condition"]?.ToString(),
            reply.ApplicationProperties["status-description"]?.ToString()
        );
    }

    private Address Address(string? user, string? password) =>
        new("127.0.0.1", fixture.Emulator.Port, user, password, "/", "amqp");
}
