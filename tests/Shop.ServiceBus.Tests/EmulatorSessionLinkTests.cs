using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Shop.ServiceBus.Tests;

/// <summary>Links to sessions as they are on the wire: the exact conditions that SDKs map to their reasons.</summary>
public sealed class EmulatorSessionLinkTests(EmulatorFixture fixture) : IClassFixture<EmulatorFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly Symbol Filter = "com.microsoft:session-filter";
    private Connection connection = null!;

    public async ValueTask InitializeAsync() => connection = await fixture.Emulator.ConnectAsync();

    public async ValueTask DisposeAsync() => await connection.CloseAsync();

    [Fact]
    public async Task A_session_that_somebody_holds_cannot_be_locked()
    {
        await AcceptedAsync(Open("sessions-1", "s"));

        var error = await RefusedAsync(Open("sessions-1", "s"));

        Assert.Equal("com.microsoft:session-cannot-be-locked", error.Condition.ToString());
        Assert.Equal(
            "The requested session 's' cannot be accepted. It may be locked by another receiver.",
            error.Description
        );
    }

    [Fact]
    public async Task A_session_is_named_in_the_answer_with_the_end_of_its_lock()
    {
        await new SenderLink(new Session(connection), "sender", "sessions-2").SendAsync(
            new Message("x") { Properties = new Properties { GroupId = "next" } },
            Limit
        );

        var answer = await AcceptedAsync(Open("sessions-2", null));

        Assert.Equal("next", ((Source)answer.Source).FilterSet[Filter]);
        var lockedUntil = new DateTime(
            (long)answer.Properties[new Symbol("com.microsoft:locked-until-utc")],
            DateTimeKind.Utc
        );
        Assert.InRange(lockedUntil - DateTime.UtcNow, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_wait_for_any_session_ends_with_a_timeout()
    {
        var error = await RefusedAsync(Open("sessions-3", null, milliseconds: 200));

        Assert.Equal("com.microsoft:timeout", error.Condition.ToString());
    }

    [Fact]
    public async Task A_lock_that_is_not_renewed_ends_the_link()
    {
        var link = Open("sessions-brief", "mine");
        await AcceptedAsync(link);

        var error = await link.Closed.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal("com.microsoft:session-lock-lost", error?.Condition.ToString());
    }

    [Fact]
    public async Task A_client_may_take_back_its_wish_and_its_connection_goes_on()
    {
        var taken = Open("sessions-4", null, milliseconds: 60_000);
        await taken.Link.CloseAsync(Limit, null);

        await new SenderLink(new Session(connection), "sender", "sessions-4").SendAsync(
            new Message("x") { Properties = new Properties { GroupId = "s" } },
            Limit
        );
        await AcceptedAsync(Open("sessions-4", "s"));
        Assert.False(connection.IsClosed);
    }

    private sealed record Opening(ReceiverLink Link, Task<Attach> Attached, Task<Error?> Closed);

    private Opening Open(string queue, string? session, uint milliseconds = 10_000)
    {
        var attached = new TaskCompletionSource<Attach>(TaskCreationOptions.RunContinuationsAsynchronously);
        var closed = new TaskCompletionSource<Error?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var link = new ReceiverLink(
            new Session(connection),
            $"link-{Guid.NewGuid()}",
            new Attach
            {
                Source = new Source
                {
                    Address = queue,
                    FilterSet = new Map { [Filter] = session },
                },
                Target = new Target(),
                Properties = new Fields { [new Symbol("com.microsoft:timeout")] = milliseconds },
            },
            (_, answer) => attached.TrySetResult(answer)
        );
        link.AddClosedCallback((_, error) => closed.TrySetResult(error));
        return new(link, attached.Task, closed.Task);
    }

    private static async Task<Attach> AcceptedAsync(Opening opening)
    {
        var answer = await opening.Attached.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.NotNull(answer.Source);
        return answer;
    }

    private static async Task<Error> RefusedAsync(Opening opening)
    {
        var answer = await opening.Attached.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Null(answer.Source);
        var error = await opening.Closed.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.NotNull(error);
        return error;
    }
}
