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
        var connection = await fixture.Emulator.ConnectAsync();

        var sender = new SenderLink(new Session(connection), "s", "queue-1");
        await sender.SendAsync(new Message("x"), Limit);

        await connection.CloseAsync();
    }

    [Fact]
    public async Task A_wrong_key_over_SASL_PLAIN_is_refused() =>
        await Assert.ThrowsAsync<AmqpException>(() =>
            new ConnectionFactory().CreateAsync(Address(EmulatorSasToken.KeyName, "WRONG"))
        );

    [Theory]
    [InlineData("ANONYMOUS", "", 0)]
    [InlineData("MSSBCBS", "", 0)]
    [InlineData("PLAIN", "\0RootManageSharedAccessKey\0SAS_KEY_VALUE", 0)]
    [InlineData("PLAIN", "\0RootManageSharedAccessKey\0WRONG", 1)]
    [InlineData("EXTERNAL", "", 1)]
    public async Task The_mechanisms_of_SASL_let_in_whom_they_should(string mechanism, string response, byte code)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", fixture.Emulator.Port, limit.Token);
        await using var stream = client.GetStream();
        // sasl-init: the mechanism as a symbol, the response as binary.
        byte[] fields =
        [
            0xa3,
            (byte)mechanism.Length,
            .. System.Text.Encoding.ASCII.GetBytes(mechanism),
            0xa0,
            (byte)response.Length,
            .. System.Text.Encoding.UTF8.GetBytes(response),
        ];
        byte[] body = [0x00, 0x53, 0x41, 0xc0, (byte)(fields.Length + 1), 2, .. fields];
        await stream.WriteAsync(
            (byte[])[.. "AMQP"u8, 3, 1, 0, 0, 0, 0, 0, (byte)(8 + body.Length), 2, 1, 0, 0, .. body],
            limit.Token
        );

        // sasl-outcome: a list whose first field is the code, as a ubyte.
        var answer = new List<byte>();
        var buffer = new byte[512];
        ReadOnlySpan<byte> Outcome() =>
            answer.ToArray().AsSpan().IndexOf((byte[])[0x00, 0x53, 0x44]) is >= 0 and var at
                ? answer.ToArray().AsSpan(at)
                : [];
        while (Outcome().Length < 8 && await stream.ReadAsync(buffer, limit.Token) is > 0 and var read)
        {
            answer.AddRange(buffer.AsSpan(0, read));
        }

        var outcome = Convert.ToHexString(Outcome());
        Assert.Contains($"50{code:X2}", outcome);
    }

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
    [InlineData(EmulatorSasToken.Key, -1, "The token has expired.")]
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
        await Assert.ThrowsAsync<AmqpException>(() => new ConnectionFactory().CreateAsync(With(EmulatorSasToken.Key)));
    }

    [Fact]
    public async Task An_unfinished_handshake_holds_up_nobody()
    {
        using var silent = new System.Net.Sockets.TcpClient();
        await silent.ConnectAsync("127.0.0.1", fixture.Emulator.Port, TestContext.Current.CancellationToken);

        await The_right_key_over_SASL_PLAIN_needs_no_token();
    }

    private static string Token(string path, string key = EmulatorSasToken.Key, int seconds = 60) =>
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
