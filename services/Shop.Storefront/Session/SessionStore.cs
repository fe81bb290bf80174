using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Shop.ServiceDefaults;
using Shop.Storefront.Data;

namespace Shop.Storefront.Session;

/// <summary>Keeps tickets, and with them the tokens, in the database; a cookie holds only the session's key.</summary>
internal sealed class SessionStore(IServiceScopeFactory scopes, TimeProvider time) : ITicketStore
{
    /// <summary>As long as a refresh token is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    /// <inheritdoc />
    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = SessionKey.Create();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StorefrontDbContext>();
        db.Sessions.Add(
            new StoredSession
            {
                Id = key.Id,
                UserId = ticket.Principal.GetUserId(),
                Ticket = key.Encrypt(ticket),
                ExpiresAt = time.GetUtcNow() + Lifetime,
            }
        );
        await db.SaveChangesAsync();
        return key.ToString();
    }

    /// <inheritdoc />
    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        if (SessionKey.Parse(key) is not { } sessionKey)
        {
            return null;
        }

        var id = sessionKey.Id;
        var now = time.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StorefrontDbContext>();
        var stored = await db
            .Sessions.AsNoTracking()
            .Where(session => session.Id == id && session.ExpiresAt > now)
            .Select(session => session.Ticket)
            .SingleOrDefaultAsync();
        var ticket = stored is null ? null : sessionKey.Decrypt(stored);
        if (ticket is not null)
        {
            ticket.Properties.Items[KeyProperty] = key;
        }

        return ticket;
    }

    /// <inheritdoc />
    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        if (SessionKey.Parse(key) is not { } sessionKey)
        {
            return;
        }

        var id = sessionKey.Id;
        var encrypted = sessionKey.Encrypt(ticket);
        var expiresAt = time.GetUtcNow() + Lifetime;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StorefrontDbContext>();
        await db
            .Sessions.Where(session => session.Id == id)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(session => session.Ticket, encrypted)
                    .SetProperty(session => session.ExpiresAt, expiresAt)
            );
    }

    /// <inheritdoc />
    public async Task RemoveAsync(string key)
    {
        if (SessionKey.Parse(key) is not { } sessionKey)
        {
            return;
        }

        var id = sessionKey.Id;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StorefrontDbContext>();
        await db.Sessions.Where(session => session.Id == id).ExecuteDeleteAsync();
    }

    /// <summary>Where a ticket in memory remembers its session's key.</summary>
    public const string KeyProperty = ".session";
}
