using Microsoft.EntityFrameworkCore;

namespace Shop.Payments.Data;

/// <summary>A transaction outside of message handling, where the dispatcher brings one.</summary>
internal static class Transactions
{
    /// <summary>Runs the work, saves and commits; an exception rolls all of it back.</summary>
    public static async Task<T> InTransactionAsync<T>(
        this DbContext db,
        Func<Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = await work();
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}
