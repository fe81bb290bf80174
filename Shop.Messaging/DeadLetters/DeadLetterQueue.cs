using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shop.Messaging;

/// <summary>
/// A context's dead letters. To redrive one is to send it to the context's queue again, with the id that it had, so that
/// handlers that have had it before change nothing, and then to remove it; a crash in between leaves it in both places.
/// </summary>
internal abstract class DeadLetterQueue(string context)
{
    /// <summary>The context's name.</summary>
    public string Context { get; } = context;

    /// <summary>Dead letters with their bodies, from a sequence number on.</summary>
    public abstract Task<IReadOnlyList<DeadLetter>> PeekAsync(
        long from,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>How many there are, counted up to <paramref name="limit"/>.</summary>
    public abstract Task<int> CountAsync(int limit, CancellationToken cancellationToken);

    public abstract Task<DeadLetterOutcome> RedriveAsync(long sequenceNumber, CancellationToken cancellationToken);

    /// <summary>Removes one for good, for what can never be handled and need not be.</summary>
    public abstract Task<DeadLetterOutcome> DiscardAsync(long sequenceNumber, CancellationToken cancellationToken);

    /// <summary>Redrives those that there are, and not again those that come back meanwhile, until time is over.</summary>
    public abstract Task<RedriveReport> RedriveAllAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Before it is used in a process whose receivers have never started.</summary>
    public virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<DeadLetter?> FindAsync(long sequenceNumber, CancellationToken cancellationToken) =>
        await PeekAsync(sequenceNumber, 1, cancellationToken) is [var letter] && letter.SequenceNumber == sequenceNumber
            ? letter
            : null;

    public async Task<DeadLetterPage> ListAsync(long from, int pageSize, CancellationToken cancellationToken)
    {
        var letters = await PeekAsync(from, pageSize + 1, cancellationToken);
        return new DeadLetterPage(
            [.. letters.Take(pageSize).Select(letter => letter with { Body = null })],
            letters.Count > pageSize ? letters[pageSize].SequenceNumber : null
        );
    }

    protected static JsonNode? BodyOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span);
        }
        catch (JsonException)
        {
            return JsonValue.Create(Encoding.UTF8.GetString(body.Span));
        }
    }
}
