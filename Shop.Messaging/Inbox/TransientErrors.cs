using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Shop.Messaging;

/// <summary>Failures that are likely gone a moment later: another transaction was quicker, or the connection broke.</summary>
internal static class TransientErrors
{
    public static bool IsTransient(Exception exception) =>
        exception switch
        {
            DbUpdateConcurrencyException => true,
            // Two transactions have inserted the same key at once: the next look finds the other's row.
            PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
            NpgsqlException { IsTransient: true } => true,
            TimeoutException => true,
            { InnerException: { } inner } => IsTransient(inner),
            _ => false,
        };
}
