using Microsoft.EntityFrameworkCore;

namespace Shop.Inventory.Data;

/// <summary>Makes the transactions that move stock take turns, in whichever process they run.</summary>
internal static class StockTurn
{
    /// <summary>Any number that nobody else uses in this database; this one reads "stok" in ASCII.</summary>
    public const long Key = 0x73_74_6F_6B;

    /// <summary>
    /// Waits for the turn, and has it until the transaction ends; asked again, it has it already. A transaction serves many
    /// messages and locks reservations and stock for one kind of them after the other, so there is no order of rows that all
    /// could keep: whoever locks any of them takes the turn first, and then nobody who waits for a row has one that
    /// somebody else waits for. It costs no throughput: everybody buys the same few products, and whoever has the turn serves
    /// all who wait in its process.
    /// </summary>
    public static Task TakeTurnAsync(this InventoryDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Key})", cancellationToken);
}
