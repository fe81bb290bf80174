using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Messaging;

/// <summary>
/// One handler, one transaction: the inbox entry, the handler's changes and its outbox rows are committed together or not at
/// all (idempotent consumer).
/// </summary>
internal sealed class InboxTransaction<TContext>(IServiceScopeFactory scopes, MessagingSettings settings)
    where TContext : DbContext
{
    /// <returns>False if the handler has had this message before; then nothing was changed.</returns>
    public async Task<bool> RunAsync(
        Subscription handler,
        object message,
        MessageContext context,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.HandlerLimit);
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>();
        await using var transaction = await database.Database.BeginTransactionAsync(limit.Token);

        // A delivery of the same message at the same time waits here for the other's end, and then knows.
        var isNew = await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO inbox_messages (message_id, handler) VALUES ({context.MessageId}, {handler.HandlerName})
            ON CONFLICT DO NOTHING
            """,
            limit.Token
        );
        if (isNew == 0)
        {
            return false;
        }

        await handler.HandleAsync(scope.ServiceProvider, message, context, limit.Token);
        await database.SaveChangesAsync(limit.Token);
        await transaction.CommitAsync(limit.Token);
        return true;
    }
}
