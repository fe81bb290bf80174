namespace Shop.Notifications.Domain;

/// <summary>What a notification tells of an order; each kind fills in what it has.</summary>
internal sealed record OrderFacts
{
    public IReadOnlyList<OrderLine> Lines { get; init; } = [];

    public decimal? Subtotal { get; init; }

    public decimal? Discount { get; init; }

    public decimal? Tax { get; init; }

    public decimal? Total { get; init; }

    public string? Currency { get; init; }

    public PostalAddress? Address { get; init; }

    /// <summary>Why it was cancelled, for the customer.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether the customer had been told before that it was confirmed.</summary>
    public bool WasConfirmed { get; init; }

    public string? Carrier { get; init; }

    public string? TrackingNumber { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>What was ordered.</summary>
internal sealed record OrderLine(string Name, int Quantity, decimal? Total);

/// <summary>Where it goes, as it is printed, line by line.</summary>
internal sealed record PostalAddress(IReadOnlyList<string?>? Lines);
