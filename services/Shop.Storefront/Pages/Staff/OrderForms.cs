namespace Shop.Storefront.Pages.Staff;

/// <summary>The parcel; both fields may be empty.</summary>
public sealed class ShipOrderForm
{
    public string? Carrier { get; set; }

    public string? TrackingNumber { get; set; }

    public object ToBody() =>
        new { carrier = Trimmed.OrNull(Carrier), trackingNumber = Trimmed.OrNull(TrackingNumber) };
}

/// <summary>Why the money goes back; the API has a reason of its own if it is empty.</summary>
public sealed class RefundOrderForm
{
    public string? Reason { get; set; }

    public object ToBody() => new { reason = Trimmed.OrNull(Reason) };
}

internal static class Trimmed
{
    /// <summary>The text without surrounding spaces; null when nothing is left.</summary>
    public static string? OrNull(string? text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}
