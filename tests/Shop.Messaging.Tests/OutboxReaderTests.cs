using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>What operators see of an outbox.</summary>
public sealed class OutboxReaderTests(InfrastructureFixture databases, BusFixture bus)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_outbox_has_no_lag()
    {
        await using var module = await Module.CreateAsync(databases, bus);

        var state = await module.Get<OutboxReader>().ReadAsync(Cancel);

        Assert.Equal((0, null, 0), (state.Pending, state.OldestAt, state.LagSeconds));
        Assert.Empty(state.Failed);
    }

    [Fact]
    public async Task What_waits_is_counted_and_what_could_not_be_sent_is_listed()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        await module.SendAsync(outbox =>
        {
            outbox.Add(new Ping(1), "order-1");
            outbox.Add(new Pong(2), "order-2");
        });
        await module.ExecuteAsync(
            $"""
            UPDATE outbox_messages SET created_at = created_at - interval '1 hour' WHERE correlation_id = 'order-1'
            """
        );
        await module.ExecuteAsync(
            $"""
            UPDATE outbox_messages SET attempts = 3, available_at = now() + interval '1 minute'
            WHERE correlation_id = 'order-2'
            """
        );

        var state = await module.Get<OutboxReader>().ReadAsync(Cancel);

        Assert.Equal(2, state.Pending);
        Assert.InRange(state.LagSeconds, 3600, 3700);
        Assert.Equal(state.LagSeconds, (DateTimeOffset.UtcNow - state.OldestAt!.Value).TotalSeconds, tolerance: 30);
        var failed = Assert.Single(state.Failed);
        Assert.Equal((Pong.Type, "order-2", 3), (failed.Type, failed.CorrelationId, failed.Attempts));
        Assert.True(failed.NextAttemptAt > DateTimeOffset.UtcNow);
    }
}
