namespace Shop.Notifications.Providers;

/// <summary>What a provider made of a notification.</summary>
internal abstract record DeliveryResult
{
    private DeliveryResult() { }

    /// <summary>It has taken it, now or before.</summary>
    public sealed record Accepted : DeliveryResult;

    /// <summary>It will never take it; trying again is of no use.</summary>
    public sealed record Refused(string Reason) : DeliveryResult;

    /// <summary>It did not take it this time, or did not answer.</summary>
    public sealed record Unavailable(string Reason) : DeliveryResult;
}
