namespace Shop.Messaging;

/// <summary>Pauses that double, with jitter, so that those who failed together do not come back together.</summary>
internal static class Backoff
{
    /// <param name="attempt">1 for the first failure.</param>
    /// <param name="first">The pause after the first failure.</param>
    /// <param name="longest">No pause is longer.</param>
    /// <returns>Between half of the doubled pause and all of it.</returns>
    public static TimeSpan After(int attempt, TimeSpan first, TimeSpan longest)
    {
        var doubled = first * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20));
        var limited = doubled < longest ? doubled : longest;
        return limited * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
