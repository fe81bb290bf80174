namespace Shop.Inventory.Domain;

/// <summary>
/// Books moves one after the other, of each all items or none. Returns for each the items that are short; an empty list
/// means that all was booked.
/// </summary>
internal delegate Task<IReadOnlyList<IReadOnlyList<Shortage>>> BookStock(
    StockMove move,
    IReadOnlyList<StockBooking> bookings
);

/// <summary>
/// What the commands of orders do to their reservations, and what has to be booked for that. The caller has locked the
/// reservations, books in the same transaction, and saves.
/// </summary>
internal sealed class ReservationDesk(BookStock book, DateTimeOffset now)
{
    /// <summary>
    /// Sets the stock aside for each, or says what is short. One about which something has been decided before stays as it is.
    /// </summary>
    /// <returns>Those about which it was decided now.</returns>
    public async Task<IReadOnlyList<Reservation>> ReserveAsync(
        IEnumerable<(Reservation Reservation, IReadOnlyList<StockQuantity> Items)> wanted,
        TimeSpan lifetime
    )
    {
        var open = wanted.Where(one => one.Reservation.Status == ReservationStatus.New).ToList();
        await TakeAsync(open, lifetime);
        return open.ConvertAll(one => one.Reservation);
    }

    /// <summary>
    /// Lets the stock leave. A reservation that expired in the meantime is taken anew if the stock is still there; if not,
    /// it is rejected. One that was released stays released.
    /// </summary>
    public async Task CommitAsync(IReadOnlyList<Reservation> reservations, TimeSpan lifetime)
    {
        await TakeAsync(
            [
                .. from reservation in reservations
                where reservation.Status == ReservationStatus.Expired
                select (reservation, reservation.Items),
            ],
            lifetime
        );
        var held = reservations.Where(reservation => reservation.Status == ReservationStatus.Reserved).ToList();
        held.ForEach(reservation => reservation.Commit(now));
        await SettleAsync(StockMove.Committed, held);
    }

    /// <summary>Gives the stock back, also when it has been committed already.</summary>
    public async Task ReleaseAsync(Reservation reservation, string reason)
    {
        if (reservation.Release(reason, now) is { } move)
        {
            await SettleAsync(move, [reservation]);
        }
    }

    /// <summary>Gives back what nobody came for.</summary>
    public Task ExpireAsync(Reservation reservation) => SettleAsync(reservation.Expire(now), [reservation]);

    private async Task TakeAsync(
        List<(Reservation Reservation, IReadOnlyList<StockQuantity> Items)> wanted,
        TimeSpan lifetime
    )
    {
        var shortages = await book(
            StockMove.Held,
            wanted.ConvertAll(one => new StockBooking(one.Reservation.OrderId, one.Items))
        );
        foreach (var (i, (reservation, items)) in wanted.Index())
        {
            if (shortages[i].Count == 0)
            {
                reservation.Hold(items, now, now + lifetime);
            }
            else
            {
                reservation.Reject(items, shortages[i], now);
            }
        }
    }

    // What reservations hold (or held) is there: that is the ledger's own promise.
    private async Task SettleAsync(StockMove move, List<Reservation> reservations)
    {
        var shortages = await book(
            move,
            reservations.ConvertAll(reservation => new StockBooking(reservation.OrderId, reservation.Items))
        );
        if (shortages.Index().FirstOrDefault(one => one.Item.Count > 0) is { Item: not null } wrong)
        {
            throw new InvalidOperationException(
                $"The stock of order {reservations[wrong.Index].OrderId} cannot be {move.Kind}: the books disagree with the reservation."
            );
        }
    }
}
