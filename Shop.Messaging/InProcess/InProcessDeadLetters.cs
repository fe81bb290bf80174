using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>The table <c>dead_letters</c> beside a context's queue; there, redriving is one transaction.</summary>
internal sealed class InProcessDeadLetters<TContext>(MessageQueue<TContext> queue, QueueStore<TContext> store)
    : DeadLetterQueue(queue.Name)
    where TContext : DbContext
{
    public override Task<IReadOnlyList<DeadLetter>> PeekAsync(
        long from,
        int limit,
        CancellationToken cancellationToken
    ) => store.PeekDeadLettersAsync(from, limit, cancellationToken);

    public override Task<int> CountAsync(int limit, CancellationToken cancellationToken) =>
        store.CountDeadLettersAsync(limit, cancellationToken);

    public override async Task<DeadLetterOutcome> RedriveAsync(
        long sequenceNumber,
        CancellationToken cancellationToken
    ) =>
        await RedriveThoseAsync(sequenceNumber, cancellationToken) > 0
            ? DeadLetterOutcome.Done
            : DeadLetterOutcome.Unknown;

    public override async Task<DeadLetterOutcome> DiscardAsync(
        long sequenceNumber,
        CancellationToken cancellationToken
    ) =>
        await store.DiscardAsync(sequenceNumber, cancellationToken) > 0
            ? DeadLetterOutcome.Done
            : DeadLetterOutcome.Unknown;

    public override async Task<RedriveReport> RedriveAllAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        new(await RedriveThoseAsync(sequenceNumber: null, cancellationToken), Done: true);

    public override Task PrepareAsync(CancellationToken cancellationToken) => store.CreateAsync(cancellationToken);

    private async Task<int> RedriveThoseAsync(long? sequenceNumber, CancellationToken cancellationToken)
    {
        var redriven = await store.RedriveAsync(sequenceNumber, cancellationToken);
        queue.Signal.Wake();
        return redriven;
    }
}
