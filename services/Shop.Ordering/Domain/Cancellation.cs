using System.Globalization;

namespace Shop.Ordering.Domain;

/// <summary>Why an order was cancelled; part of the API and of the event.</summary>
internal enum CancellationReason
{
    OutOfStock,
    PaymentDeclined,
    PaymentTimedOut,
    StockTimedOut,
    CancelledByCustomer,
    PaymentRefunded,
}

/// <summary>A product of which less is available than was ordered.</summary>
internal sealed record Shortage(Guid ProductId, int Requested, int Available);

/// <summary>The reason of a cancellation, with a sentence for the customer.</summary>
internal sealed record Cancellation(CancellationReason Reason, string Detail)
{
    /// <summary>Longest detail that is kept; texts of other services are cut here.</summary>
    public const int MaxDetailLength = 1000;

    public IReadOnlyList<Shortage> Shortages { get; init; } = [];

    public static readonly Cancellation StockTimedOut = new(
        CancellationReason.StockTimedOut,
        "The stock could not be reserved in time. Nothing was charged; please order again."
    );

    public static readonly Cancellation PaymentTimedOut = new(
        CancellationReason.PaymentTimedOut,
        "The payment was not answered in time. Whatever was charged is refunded; please order again."
    );

    public static readonly Cancellation ByCustomer = new(
        CancellationReason.CancelledByCustomer,
        "Cancelled at the customer's request."
    );

    public static readonly Cancellation PaymentRefunded = new(
        CancellationReason.PaymentRefunded,
        "The payment was refunded before the order was shipped. Please order again if you still want it."
    );

    public static Cancellation PaymentDeclined(string code, string message) =>
        new(CancellationReason.PaymentDeclined, Cut($"The payment was declined ({code}): {message}"));

    public static Cancellation OutOfStock(Order order, IReadOnlyList<Shortage> shortages) =>
        new(
            CancellationReason.OutOfStock,
            shortages.Count == 0
                ? "There is not enough stock."
                : Cut(string.Join(' ', shortages.Select(shortage => Sentence(order, shortage))))
        )
        {
            Shortages = shortages,
        };

    /// <summary>For the timeline: the reason within a sentence.</summary>
    public string Because =>
        Reason switch
        {
            CancellationReason.OutOfStock => "because it is out of stock",
            CancellationReason.PaymentDeclined => "because the payment was declined",
            CancellationReason.PaymentTimedOut => "because the payment was not answered in time",
            CancellationReason.StockTimedOut => "because the stock was not reserved in time",
            CancellationReason.PaymentRefunded => "because its payment was refunded",
            _ => "at the customer's request",
        };

    private static string Sentence(Order order, Shortage shortage)
    {
        var name =
            order.Items.FirstOrDefault(item => item.ProductId == shortage.ProductId)?.Name
            ?? shortage.ProductId.ToString();
        return shortage.Available <= 0
            ? $"{name} is out of stock."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {shortage.Requested} ordered, {shortage.Available} available."
            );
    }

    private static string Cut(string text) =>
        text.Length <= MaxDetailLength ? text : string.Concat(Whole(text.AsSpan(0, MaxDetailLength - 1)), "…");

    // Not half of a character at the end.
    private static ReadOnlySpan<char> Whole(ReadOnlySpan<char> text) =>
        char.IsHighSurrogate(text[^1]) ? text[..^1] : text;
}
