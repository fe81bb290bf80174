using System.Diagnostics.Metrics;
using Shop.Inventory.Domain;

namespace Shop.Inventory.Reservations;

/// <summary>What became of the stock that orders asked for. A transaction that is repeated counts again.</summary>
internal sealed class ReservationMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _reservations = meters
        .Create("Shop.Inventory")
        .CreateCounter<long>(
            "shop.stock.reservations",
            "{reservation}",
            "Answers to orders that asked for stock, and reservations that expired, by shop.reservation.status."
        );

    public void Became(ReservationStatus status) =>
        _reservations.Add(1, KeyValuePair.Create("shop.reservation.status", (object?)status.ToString()));
}
