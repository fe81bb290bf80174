using System.Buffers.Binary;
using System.Globalization;
using Shop.Ordering.Domain;
using Shop.Ordering.Views;

namespace Shop.Ordering.Orders;

/// <summary>Which orders operators look for. What is null does not matter.</summary>
/// <param name="Status">Their status.</param>
/// <param name="Text">What their ids or their user's are like.</param>
/// <param name="PlacedAfter">Placed at this time or after it.</param>
/// <param name="PlacedBefore">Placed before this time.</param>
internal sealed record OrderSearch(
    OrderStatus? Status,
    SearchedId? Text,
    DateTimeOffset? PlacedAfter,
    DateTimeOffset? PlacedBefore
)
{
    private const int MinPrefix = 8;
    private const string Lowest = "00000000-0000-0000-0000-000000000000";
    private const string Highest = "ffffffff-ffff-ffff-ffff-ffffffffffff";

    // RFC 3339, with a fraction of up to seven digits or none.
    private static readonly string[] Rfc3339 = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>Reads the parameters; adds a rule for each that cannot be read, or that is not the caller's to use.</summary>
    public static OrderSearch Of(
        bool ofAll,
        string? status,
        string? q,
        string? placedAfter,
        string? placedBefore,
        Dictionary<string, string[]> errors
    )
    {
        return new(
            Read<OrderStatus>("status", status, ReadStatus),
            Read<SearchedId>("q", q, ReadId),
            Read<DateTimeOffset>("placedAfter", placedAfter, ReadTime),
            Read<DateTimeOffset>("placedBefore", placedBefore, ReadTime)
        );

        T? Read<T>(string name, string? text, Func<string, (T? Value, string? Rule)> read)
            where T : struct
        {
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }

            var (value, rule) = ofAll ? read(text) : (null, "Goes with all=true, for operators.");
            if (rule is not null)
            {
                errors[name] = [rule];
            }

            return value;
        }
    }

    /// <summary>Those of the orders that are looked for.</summary>
    public IQueryable<OrderView> In(IQueryable<OrderView> views)
    {
        if (Status is { } status)
        {
            views = views.Where(view => view.Status == status);
        }

        if (Text is { FirstOrder: var first, LastOrder: var last, User: var user })
        {
            views = views.Where(view => view.OrderId >= first && view.OrderId <= last || view.UserId == user);
        }

        // The ids begin with the time (UUIDv7), and there is an index of them; the time itself decides.
        if (PlacedAfter is { } after)
        {
            var from = FirstIdAt(after.ToUnixTimeMilliseconds());
            views = views.Where(view => view.OrderId >= from && view.CreatedAt >= after);
        }

        if (PlacedBefore is { } before)
        {
            var to = FirstIdAt(before.ToUnixTimeMilliseconds() + 1);
            views = views.Where(view => view.OrderId < to && view.CreatedAt < before);
        }

        return views;
    }

    private static (OrderStatus?, string?) ReadStatus(string text) =>
        Enum.GetNames<OrderStatus>().Contains(text, StringComparer.Ordinal)
            ? (Enum.Parse<OrderStatus>(text), null)
            : (null, $"Must be one of {string.Join(", ", Enum.GetNames<OrderStatus>())}.");

    private static (SearchedId?, string?) ReadId(string text)
    {
        if (Guid.TryParseExact(text, "D", out var id))
        {
            return (new SearchedId(id, id, id), null);
        }

        return
            text.Length >= MinPrefix
            && text.Length < Lowest.Length
            && Guid.TryParseExact(text + Lowest[text.Length..], "D", out var first)
            && Guid.TryParseExact(text + Highest[text.Length..], "D", out var last)
            ? (new SearchedId(first, last, null), null)
            : (
                null,
                $"Must be an order's id, its beginning of at least {MinPrefix} characters, or a user's id; ids are UUIDs with hyphens."
            );
    }

    private static (DateTimeOffset?, string?) ReadTime(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            Rfc3339,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        ) && HasOffset(text)
            ? (time, null)
            : (null, "Must be a time of RFC 3339, such as 2026-12-01T08:30:00Z; write + as %2B.");

    private static bool HasOffset(string text) =>
        text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal);

    /// <summary>The lowest id that an order of that millisecond of Unix time could have (RFC 9562, 5.7).</summary>
    private static Guid FirstIdAt(long milliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(milliseconds, 0) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>Ids that were asked for: an order's, all that begin alike, or a user's.</summary>
internal readonly record struct SearchedId(Guid FirstOrder, Guid LastOrder, Guid? User);
