namespace Shop.Inventory.Domain;

/// <summary>
/// What Inventory knows about one order. There is one per order from the first message about it, whichever that is, so
/// commands that come twice, late or in another order find out what has happened before them.
/// </summary>
internal sealed class Reservation
{
    /// <summary>The reason noted when a reservation expires.</summary>
    public const string ExpiredReason = "expired";

    private Reservation() { }

    /// <summary>A reservation about which nothing has been decided yet.</summary>
    public Reservation(Guid orderId, DateTimeOffset now)
    {
        OrderId = orderId;
        CreatedAt = now;
        UpdatedAt = now;
    }

    /// <summary>The order; one reservation each.</summary>
    public Guid OrderId { get; private set; }

    /// <summary>How far it has come.</summary>
    public ReservationStatus Status { get; private set; }

    /// <summary>What was asked for, one entry per product, in the order of the product ids.</summary>
    public IReadOnlyList<StockQuantity> Items { get; private set; } = [];

    /// <summary>Why it was rejected.</summary>
    public IReadOnlyList<Shortage> Shortages { get; private set; } = [];

    /// <summary>Why it was released.</summary>
    public string? Reason { get; private set; }

    /// <summary>When the held stock goes back by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>When the first message about the order came.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the status changed last.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The stock has been set aside.</summary>
    public void Hold(IReadOnlyList<StockQuantity> items, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        From(ReservationStatus.New, ReservationStatus.Expired);
        Items = items;
        ExpiresAt = expiresAt;
        Reason = null;
        Become(ReservationStatus.Reserved, now);
    }

    /// <summary>There was too little of something.</summary>
    public void Reject(IReadOnlyList<StockQuantity> items, IReadOnlyList<Shortage> shortages, DateTimeOffset now)
    {
        From(ReservationStatus.New, ReservationStatus.Expired);
        Items = items;
        Shortages = shortages;
        Become(ReservationStatus.Rejected, now);
    }

    /// <summary>
    /// The order does not want the stock (any more). Returns what has to be booked, or null when the order holds nothing.
    /// On a new reservation this is the mark that keeps a late reserve command from taking stock for a dead order.
    /// </summary>
    public StockMove? Release(string reason, DateTimeOffset now)
    {
        var move = Status switch
        {
            ReservationStatus.Reserved => StockMove.Released,
            ReservationStatus.Committed => StockMove.Returned,
            _ => null,
        };
        if (Status is not (ReservationStatus.Rejected or ReservationStatus.Released))
        {
            Reason = reason;
            Become(ReservationStatus.Released, now);
        }
        return move;
    }

    /// <summary>Nobody came for it in time.</summary>
    public StockMove Expire(DateTimeOffset now)
    {
        From(ReservationStatus.Reserved);
        Reason = ExpiredReason;
        Become(ReservationStatus.Expired, now);
        return StockMove.Released;
    }

    /// <summary>The stock leaves.</summary>
    public void Commit(DateTimeOffset now)
    {
        From(ReservationStatus.Reserved);
        Become(ReservationStatus.Committed, now);
    }

    private void Become(ReservationStatus status, DateTimeOffset now)
    {
        Status = status;
        UpdatedAt = now;
        if (status != ReservationStatus.Reserved)
        {
            ExpiresAt = null;
        }
    }

    private void From(params ReadOnlySpan<ReservationStatus> allowed)
    {
        if (!allowed.Contains(Status))
        {
            throw new InvalidOperationException(
                $"The reservation of order {OrderId} is {Status}; this needs it to be {string.Join(" or ", allowed.ToArray())}."
            );
        }
    }
}
