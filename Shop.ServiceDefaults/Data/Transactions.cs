using Microsoft.EntityFrameworkCore;

namespace Shop.ServiceDefaults.Data;

/// <summary>A transaction outside of message handling, where the dispatcher brings one.</summary>
public static class Transactions
{
    /// <summary>Runs the work, saves and commits; an exception rolls all of it back.</summary>
    /// <typeparam name="T">What the work results in.</typeparam>
    /// <param name="db">The context whose connection the transaction is on.</param>
    /// <param name="work">What is done within the transaction; it neither commits nor opens one.</param>
    /// <param name="cancellationToken">Ends the work; nothing is committed then.</param>
    /// <returns>What the work resulted in, after the commit.</returns>
    public static async Task<T> InTransactionAsync<T>(
        this DbContext db,
        Func<Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(work);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // A failure ends the whole transaction; a savepoint around the saving would only cost two more statements.
        db.Database.AutoSavepointsEnabled = false;
        var result = await work();
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}
