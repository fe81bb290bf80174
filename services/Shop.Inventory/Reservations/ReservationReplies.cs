using Shop.Inventory.Data;
using Shop.Inventory.Domain;
using Shop.Inventory.Messages;
using Shop.Messaging;

namespace Shop.Inventory.Reservations;

/// <summary>Tells the order what became of its reservation; asked twice, it says the same twice.</summary>
internal static class ReservationReplies
{
    /// <summary>Adds the answer to a request to reserve.</summary>
    public static void AddReserveReply(this Outbox<InventoryDbContext> outbox, Reservation reservation)
    {
        if (reservation.Status == ReservationStatus.Committed)
        {
            // What was asked for is true and more: it was set aside and has left since.
            outbox.Add(new StockReserved(reservation.OrderId), reservation.OrderId.ToString());
        }
        else
        {
            outbox.AddReply(reservation);
        }
    }

    /// <summary>Adds the event that tells the reservation's state.</summary>
    public static void AddReply(this Outbox<InventoryDbContext> outbox, Reservation reservation)
    {
        var correlationId = reservation.OrderId.ToString();
        switch (reservation.Status)
        {
            case ReservationStatus.Reserved:
                outbox.Add(new StockReserved(reservation.OrderId), correlationId);
                break;
            case ReservationStatus.Rejected:
                outbox.Add(
                    new StockReservationFailed(
                        reservation.OrderId,
                        [.. reservation.Shortages.Select(s => new StockShortage(s.ProductId, s.Requested, s.Available))]
                    ),
                    correlationId
                );
                break;
            case ReservationStatus.Released or ReservationStatus.Expired:
                outbox.Add(new StockReleased(reservation.OrderId), correlationId);
                break;
            case ReservationStatus.Committed:
                outbox.Add(new StockCommitted(reservation.OrderId), correlationId);
                break;
            default:
                throw new InvalidOperationException(
                    $"Nothing has been decided about the reservation of order {reservation.OrderId}."
                );
        }
    }
}
