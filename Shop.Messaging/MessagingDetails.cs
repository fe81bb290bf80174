namespace Shop.Messaging;

/// <summary>What the readiness of messaging tells an operator, on either transport.</summary>
internal static class MessagingDetails
{
    public static string Of(IEnumerable<OutboxLag> lags, DeadLetterCounts letters) =>
        string.Join("; ", lags.Select(lag => lag.ToString()).Concat(letters.Describe()));
}
