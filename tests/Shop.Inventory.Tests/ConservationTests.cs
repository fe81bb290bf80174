using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Domain;
using Shop.Messaging;
using Shop.Testing;

namespace Shop.Inventory.Tests;

/// <summary>
/// Whatever is asked of Inventory, how often, in which order and by how many at once: no unit appears or vanishes. On real
/// PostgreSQL, so only so many histories; FsCheck shrinks one that fails.
/// </summary>
public sealed class ConservationTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const int Initial = 12;

    private InventoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await InventoryApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Property(MaxTest = 20, Arbitrary = [typeof(Histories)])]
    public async Task Stock_is_conserved_under_any_interleaving(History history)
    {
        var products = new List<Guid>();
        for (var i = 0; i < Histories.Products; i++)
        {
            products.Add(await _app.AddProductAsync(Initial));
        }
        Guid[] orders = [.. Enumerable.Range(0, Histories.Orders).Select(_ => Guid.CreateVersion7())];

        await Parallel.ForEachAsync(
            history.Steps,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (step, _) => await RunAsync(step, orders[step.Order], products)
        );

        await _app.AssertLedgerEqualsStockAsync();
        var reservations = await _app.QueryAsync(db =>
            db.Reservations.AsNoTracking().Where(one => orders.Contains(one.OrderId)).ToListAsync()
        );
        for (var i = 0; i < products.Count; i++)
        {
            var stock = await _app.StockAsync(products[i]);
            var received = Initial + history.Steps.Where(step => step.Restocks == i).Sum(step => step.Quantities[i]);
            Assert.Equal(Held(reservations, ReservationStatus.Reserved, products[i]), stock.Reserved);
            Assert.Equal(
                received,
                stock.Available + stock.Reserved + Held(reservations, ReservationStatus.Committed, products[i])
            );
        }
    }

    private async Task RunAsync(HistoryStep step, Guid order, List<Guid> products)
    {
        switch (step.Kind)
        {
            case ActionKind.Reserve:
                await _app.ReserveAsync(order, [.. products.Zip(step.Quantities).Where(line => line.Second > 0)]);
                break;
            case ActionKind.Release:
                await _app.ReleaseAsync(order);
                break;
            case ActionKind.Commit:
                await CommitAsync(order);
                break;
            case ActionKind.Restock:
                await _app.RestockAsync(products[step.Restocks!.Value], step.Quantities[step.Restocks.Value]);
                break;
            case ActionKind.Expire:
                _app.Time.Advance(new InventoryOptions().ReservationLifetime);
                await _app.SweepAsync();
                break;
            default:
                await _app.AnnounceAsync();
                break;
        }
    }

    private async Task CommitAsync(Guid order)
    {
        try
        {
            await _app.CommitAsync(order);
        }
        catch (MessageRejectedException rejected) when (rejected.Reason == "UnknownOrder")
        {
            // It came before the reservation, so it goes to the dead letters and changes nothing.
        }
    }

    private static int Held(List<Reservation> reservations, ReservationStatus status, Guid product) =>
        reservations
            .Where(one => one.Status == status)
            .SelectMany(one => one.Items)
            .Where(item => item.ProductId == product)
            .Sum(item => item.Quantity);
}

/// <summary>What is asked of Inventory.</summary>
public enum ActionKind
{
    Reserve,
    Release,
    Commit,
    Restock,
    Expire,
    Announce,
}

/// <param name="Kind">What is done.</param>
/// <param name="Order">For which order.</param>
/// <param name="Quantities">How many of each product.</param>
public sealed record HistoryStep(ActionKind Kind, int Order, int[] Quantities)
{
    /// <summary>The product that comes in, if one does.</summary>
    public int? Restocks => Kind == ActionKind.Restock ? Order % Histories.Products : null;

    public override string ToString() => $"{Kind} {Order} [{string.Join(" ", Quantities)}]";
}

/// <summary>Steps that run side by side, eight at a time.</summary>
public sealed record History(IReadOnlyList<HistoryStep> Steps)
{
    public override string ToString() => string.Join("; ", Steps);
}

/// <summary>Histories of a few orders that fight for a few products; most messages come more than once.</summary>
public static class Histories
{
    public const int Products = 3;
    public const int Orders = 5;

    private static readonly Gen<HistoryStep> Steps =
        from kind in Gen.Frequency(
            (6, Gen.Constant(ActionKind.Reserve)),
            (3, Gen.Constant(ActionKind.Release)),
            (4, Gen.Constant(ActionKind.Commit)),
            (1, Gen.Constant(ActionKind.Restock)),
            (1, Gen.Constant(ActionKind.Expire)),
            (1, Gen.Constant(ActionKind.Announce))
        )
        from order in Gen.Choose(0, Orders - 1)
        // At least one of something: an empty order is refused before it gets here.
        from first in Gen.Choose(1, 5)
        from second in Gen.Choose(kind == ActionKind.Restock ? 1 : 0, 5)
        from third in Gen.Choose(kind == ActionKind.Restock ? 1 : 0, 5)
        select new HistoryStep(kind, order, [first, second, third]);

    public static Arbitrary<History> History() =>
        Arb.From(
            from count in Gen.Choose(1, 40)
            from steps in Steps.ListOf(count)
            select new History([.. steps]),
            history =>
                Enumerable
                    .Range(0, history.Steps.Count)
                    .Select(i => new History([.. history.Steps.Where((_, at) => at != i)]))
        );
}
