namespace Shop.Ordering.Domain;

/// <summary>Who carries a parcel, and the number under which its way can be followed; what is not known is null.</summary>
internal sealed record Shipment(string? Carrier, string? TrackingNumber)
{
    public const int MaxCarrierLength = 50;
    public const int MaxTrackingNumberLength = 50;
}
