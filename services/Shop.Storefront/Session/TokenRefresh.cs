using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Shop.Storefront.Api;
using Shop.Storefront.Data;

namespace Shop.Storefront.Session;

/// <summary>
/// Gets a new access token shortly before the old one expires. The session's row is locked meanwhile: a refresh token is
/// good once, and Shop.Users takes a second use for a theft and ends the session.
/// </summary>
internal sealed partial class TokenRefresh(
    StorefrontDbContext db,
    IHttpClientFactory clients,
    TimeProvider time,
    ILogger<TokenRefresh> logger
)
{
    private const string ExpiresAt = "expires_at";
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (!IsStale(context.Properties))
        {
            return;
        }

        var text = context.Properties.Items.TryGetValue(SessionStore.KeyProperty, out var value) ? value : null;
        if (text is null || SessionKey.Parse(text) is not { } key)
        {
            context.RejectPrincipal();
            return;
        }

        var ticket = await RefreshAsync(key, context.HttpContext.RequestAborted);
        if (ticket is null)
        {
            context.RejectPrincipal();
            return;
        }

        context.ReplacePrincipal(ticket.Principal);
        context.Properties.StoreTokens(ticket.Properties.GetTokens());
    }

    /// <summary>The session's ticket with fresh tokens; null when the session has ended.</summary>
    private async Task<AuthenticationTicket?> RefreshAsync(SessionKey key, CancellationToken cancellationToken)
    {
        var id = key.Id;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var stored = await db
            .Sessions.FromSql($"select * from sessions where id = {id} for update")
            .SingleOrDefaultAsync(cancellationToken);
        var ticket = stored is null ? null : key.Decrypt(stored.Ticket);
        if (ticket is null || !IsStale(ticket.Properties))
        {
            return ticket;
        }

        var refreshToken = ticket.Properties.GetTokenValue(OpenIdConnectParameterNames.RefreshToken);
        if (refreshToken is null || await AskAsync(refreshToken, cancellationToken) is not { } answer)
        {
            // Pages that need no token still work, and the next request tries again.
            return ticket;
        }

        if (answer.AccessToken is null)
        {
            db.Sessions.Remove(stored!);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return null;
        }

        Update(ticket, answer);
        stored!.Ticket = key.Encrypt(ticket);
        stored.ExpiresAt = time.GetUtcNow() + SessionStore.Lifetime;
        // Not ended by the browser: the old refresh token is used up.
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return ticket;
    }

    /// <summary>The answer of the token endpoint: without a token when the session has ended; null when there is none.</summary>
    private async Task<OpenIdConnectMessage?> AskAsync(string refreshToken, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent([
            new("grant_type", "refresh_token"),
            new("client_id", OpenIdSetup.ClientId),
            new("refresh_token", refreshToken),
        ]);
        try
        {
            using var response = await clients
                .CreateClient(GatewayClients.Backchannel)
                .PostAsync(new Uri(OpenIdSetup.TokenPath, UriKind.Relative), content, cancellationToken);
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized)
            {
                LogEnded(logger);
                return new OpenIdConnectMessage();
            }

            response.EnsureSuccessStatusCode();
            return new OpenIdConnectMessage(await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TimeoutException or Polly.ExecutionRejectedException)
        {
            LogNoAnswer(logger, exception.Message);
            return null;
        }
    }

    private void Update(AuthenticationTicket ticket, OpenIdConnectMessage answer)
    {
        var expiresAt =
            time.GetUtcNow() + TimeSpan.FromSeconds(int.Parse(answer.ExpiresIn, CultureInfo.InvariantCulture));
        var tokens = ticket.Properties.GetTokens().ToDictionary(token => token.Name, token => token.Value);
        tokens[OpenIdConnectParameterNames.AccessToken] = answer.AccessToken;
        tokens[OpenIdConnectParameterNames.RefreshToken] = answer.RefreshToken;
        tokens[ExpiresAt] = expiresAt.ToString("o", CultureInfo.InvariantCulture);
        if (answer.IdToken is not null)
        {
            tokens[OpenIdConnectParameterNames.IdToken] = answer.IdToken;
        }

        ticket.Properties.StoreTokens(
            tokens.Select(token => new AuthenticationToken { Name = token.Key, Value = token.Value })
        );
        OpenIdSetup.SetRoles(ticket.Principal, answer.AccessToken);
    }

    private bool IsStale(AuthenticationProperties properties) =>
        !DateTimeOffset.TryParse(
            properties.GetTokenValue(ExpiresAt),
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var expiresAt
        )
        || expiresAt - Margin <= time.GetUtcNow();

    [LoggerMessage(LogLevel.Information, "A session has ended: its refresh token is not valid any more")]
    private static partial void LogEnded(ILogger logger);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "The token endpoint gave no answer, so a session keeps its old token: {Reason}"
    )]
    private static partial void LogNoAnswer(ILogger logger, string reason);
}
