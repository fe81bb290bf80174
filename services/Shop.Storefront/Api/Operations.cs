using System.Text.Json;

namespace Shop.Storefront.Api;

/// <summary>The bounded contexts that send and handle messages.</summary>
internal static class MessagingContexts
{
    public static readonly IReadOnlyList<string> All =
    [
        "ordering",
        "inventory",
        "payments",
        "billing",
        "notifications",
        "catalog",
        "search",
        "users",
    ];

    /// <summary>Asks all contexts at once. One that is down is a problem in its row and nothing else.</summary>
    public static async Task<IReadOnlyList<(string Context, ApiResult<T> Result)>> AskAsync<T>(
        Func<string, Task<ApiResult<T>>> ask
    )
        where T : class
    {
        var results = await Task.WhenAll(All.Select(ask));
        return [.. All.Zip(results)];
    }
}

/// <summary>Messages that could not be handled.</summary>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Items, long? NextCursor);

/// <summary>A message that could not be handled.</summary>
public sealed record DeadLetter(
    long SequenceNumber,
    string MessageId,
    string Type,
    string? CorrelationId,
    string Reason,
    string Description,
    int DeliveryCount,
    DateTimeOffset SentAt,
    DateTimeOffset? RedrivenAt,
    JsonElement? Body
);

/// <summary>How many dead letters are in the queue again, and whether that is all of them.</summary>
public sealed record RedriveReport(int Redriven, bool Done);

/// <summary>What waits in an outbox.</summary>
public sealed record OutboxState(
    int Pending,
    DateTimeOffset? OldestAt,
    double LagSeconds,
    IReadOnlyList<UnsentMessage> Failed
);

/// <summary>A message that could not be sent.</summary>
public sealed record UnsentMessage(
    Guid MessageId,
    string Type,
    string Destination,
    string CorrelationId,
    DateTimeOffset CreatedAt,
    int Attempts,
    DateTimeOffset NextAttemptAt
);
