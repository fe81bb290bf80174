namespace Shop.Users.Keys;

/// <summary>When keys come and go, as a pure function of the keys there are and the time.</summary>
internal static class KeyRotation
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan SignsFor = TimeSpan.FromDays(30);

    /// <summary>How long it is published before it signs: much longer than anybody caches the published keys.</summary>
    public static readonly TimeSpan PublishedBefore = TimeSpan.FromDays(2);

    /// <summary>How long it stays after it has signed last: as long as the longest-lived token, and a day for clocks.</summary>
    public static readonly TimeSpan StaysFor = Provider.TokenLifetimes.Refresh + TimeSpan.FromDays(1);

    /// <summary>From when the key that is missing is to sign; null when none is missing.</summary>
    public static DateTimeOffset? NextNeeded(IEnumerable<IssuerKey> keys, DateTimeOffset now)
    {
        var latest = keys.MaxBy(key => key.SignsFrom);
        if (latest is null)
        {
            return now;
        }

        return latest.SignsFrom + SignsFor - PublishedBefore <= now ? now + PublishedBefore : null;
    }

    /// <summary>The key that signs first, then the others, the newest first.</summary>
    public static IReadOnlyList<IssuerKey> Order(IEnumerable<IssuerKey> keys, DateTimeOffset now) =>
        [.. keys.OrderBy(key => key.SignsFrom > now).ThenByDescending(key => key.SignsFrom).ThenBy(key => key.Id)];

    /// <summary>Those that no living token can have been signed with.</summary>
    public static IReadOnlyList<IssuerKey> Outlived(IEnumerable<IssuerKey> keys, DateTimeOffset now)
    {
        var ordered = keys.OrderBy(key => key.SignsFrom).ToList();
        return
        [
            .. ordered
                .Zip(ordered.Skip(1))
                .Where(pair => pair.Second.SignsFrom + StaysFor <= now)
                .Select(pair => pair.First),
        ];
    }
}
