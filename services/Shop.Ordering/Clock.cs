namespace Shop.Ordering;

/// <summary>The time as PostgreSQL keeps it.</summary>
internal static class Clock
{
    /// <summary>
    /// Now, in whole microseconds: an answer from memory and the same read back from the database are the same to the last
    /// digit.
    /// </summary>
    public static DateTimeOffset Now(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
