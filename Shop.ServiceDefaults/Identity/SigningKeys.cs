using System.Collections.Frozen;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Shop.ServiceDefaults.Identity;

/// <summary>
/// The public keys of the issuer, as its discovery document (OpenID Connect Discovery 1.0) leads to them. They are fetched
/// when they are first asked for, when somebody names a key that is not among them, and when they are old; never by two at
/// once, and not again shortly after. Keys once had stay good while the issuer does not answer.
/// </summary>
/// <remarks>
/// The library's <c>ConfigurationManager</c> refreshes in the background, so that the first token of a new key would be
/// refused, and as long as it has nothing it lets every request try anew, one after the other.
/// </remarks>
internal sealed partial class SigningKeys(
    IHttpClientFactory clients,
    IdentitySettings settings,
    TimeProvider time,
    ILogger<SigningKeys> logger
)
{
    /// <summary>How long to wait before the next try while there are none.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private volatile FrozenDictionary<string, SecurityKey>? _keys;
    private Task? _fetch;
    private long _fetchedAt;

    /// <summary>The key of that id, among those that are here.</summary>
    public SecurityKey? Find(string? keyId) => keyId is null ? null : _keys?.GetValueOrDefault(keyId);

    /// <summary>Sees to it that the key of that id is here if the issuer has published it.</summary>
    /// <returns>Whether there are any keys to judge by.</returns>
    public async ValueTask<bool> LookForAsync(string? keyId)
    {
        var fetch = FetchIfDueAsync(isKnown: Find(keyId) is not null);
        if (Find(keyId) is null)
        {
            await fetch;
        }

        return _keys is not null;
    }

    private Task FetchIfDueAsync(bool isKnown)
    {
        lock (_lock)
        {
            if (_fetch is null or { IsCompleted: true } && IsDue(isKnown))
            {
                _fetch = FetchAsync();
            }

            return _fetch ?? Task.CompletedTask;
        }
    }

    private bool IsDue(bool isKnown)
    {
        var age =
            isKnown ? MaxAge
            : _keys is null ? RetryAfter
            : MinAge;
        return _fetch is null || time.GetElapsedTime(_fetchedAt) >= age;
    }

    private async Task FetchAsync()
    {
        try
        {
            await Task.Yield(); // out of the lock
            // Starts a trace of its own instead of joining that of the first request.
            Activity.Current = null;
            using var client = clients.CreateClient("identity");
            var document = OpenIdConnectConfiguration.Create(
                await client.GetStringAsync(new Uri(settings.Authority + "/.well-known/openid-configuration"))
            );
            // The document names public addresses, which may not be reachable from here.
            var path = new Uri(document.JwksUri).PathAndQuery;
            var keys = JsonWebKeySet.Create(await client.GetStringAsync(new Uri(settings.Authority + path)));
            var signing = keys.GetSigningKeys().Where(key => key.KeyId is not null).DistinctBy(key => key.KeyId);
            _keys = signing.ToFrozenDictionary(key => key.KeyId, StringComparer.Ordinal);
        }
        catch (Exception exception)
        {
            // Whatever it was, it is no reason to disbelieve keys that were good so far.
            LogNotFetched(logger, settings.Authority, exception.GetBaseException().Message.ReplaceLineEndings(" "));
            LogFailure(logger, exception);
        }
        finally
        {
            Volatile.Write(ref _fetchedAt, time.GetTimestamp());
        }
    }

    [LoggerMessage(LogLevel.Warning, "The token issuer's keys could not be fetched from {Authority}: {Reason}")]
    private static partial void LogNotFetched(ILogger logger, string authority, string reason);

    [LoggerMessage(LogLevel.Debug, "The token issuer's keys could not be fetched")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
