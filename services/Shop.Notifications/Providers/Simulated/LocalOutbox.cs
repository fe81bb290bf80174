using Microsoft.EntityFrameworkCore;
using OpenTelemetry;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Providers.Simulated;

/// <summary>The simulated providers' memory.</summary>
internal sealed class LocalOutbox(IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>Takes it; the same id again changes nothing.</summary>
    public async Task<DeliveryResult> AcceptAsync(
        Guid id,
        Channel channel,
        string recipient,
        string title,
        string text,
        CancellationToken cancellationToken
    )
    {
        // It stands in for a provider, whose insides nobody would see.
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var scope = scopes.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<NotificationsDbContext>()
            .Database.ExecuteSqlAsync(
                $"""
                insert into local_outbox (id, channel, recipient, title, text, accepted_at)
                values ({id}, {channel.ToString()}, {recipient}, {title}, {text}, {time.GetUtcNow()})
                on conflict do nothing
                """,
                cancellationToken
            );
        return new DeliveryResult.Accepted();
    }
}
