using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Shop.Testing;

/// <summary>
/// A token issuer on the loopback, with a discovery document and keys as OpenID Connect wants them, for services that are
/// tested without Shop.Users. As in the shop, the issuer that stands in tokens is a public address, and the keys are fetched
/// from another; <see cref="Settings"/> says so to a service.
/// </summary>
public sealed class TestTokens : IAsyncDisposable
{
    /// <summary>Who issues the tokens.</summary>
    public const string Issuer = "https://shop.test/";

    private const string KeysPath = "/.well-known/jwks";

    // Making one takes longer than many a test.
    private static readonly Lazy<RsaSecurityKey> FirstKey = new(NewKey);

    private readonly TimeProvider _time;
    private readonly WebApplication _server;
    private int _keyRequests;

    private TestTokens(TimeProvider time)
    {
        _time = time;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Use(
            (context, next) =>
            {
                if (!IsDown)
                    return next(context);
                context.Abort();
                return Task.CompletedTask;
            }
        );
        _server.MapGet(
            "/.well-known/openid-configuration",
            () => new { issuer = Issuer, jwks_uri = Issuer.TrimEnd('/') + KeysPath }
        );
        _server.MapGet(KeysPath, PublishKeys);
    }

    /// <summary>Where the keys are fetched from.</summary>
    public string Authority => _server.Urls.Single();

    /// <summary>The configuration of a service that is to believe these tokens.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
        [new("Identity:Issuer", Issuer), new("Identity:Authority", Authority)];

    /// <summary>The key that signs now.</summary>
    public RsaSecurityKey Key { get; private set; } = FirstKey.Value;

    /// <summary>Whether it drops every connection.</summary>
    public bool IsDown { get; set; }

    /// <summary>How often somebody has fetched the keys.</summary>
    public int KeyRequests => _keyRequests;

    /// <summary>A key that nobody knows yet.</summary>
    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    /// <summary>Starts one whose clock is the system's unless there is another.</summary>
    public static async Task<TestTokens> StartAsync(TimeProvider? time = null)
    {
        var tokens = new TestTokens(time ?? TimeProvider.System);
        await tokens._server.StartAsync();
        return tokens;
    }

    /// <summary>Signs with a new key from now on, and publishes the old one no more.</summary>
    public void RotateKey() => Key = NewKey();

    /// <summary>The header <c>Authorization</c> of a user with a role.</summary>
    public AuthenticationHeaderValue Bearer(Guid userId, string role = "customer") =>
        new("Bearer", Issue(userId, role));

    /// <summary>An access token of a user with a role, valid for 15 minutes.</summary>
    public string Issue(Guid userId, string role = "customer") => Issue(userId, role, _ => { });

    /// <summary>The same, with something changed before it is signed.</summary>
    public string Issue(Guid userId, string role, Action<SecurityTokenDescriptor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var now = _time.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = Issuer,
            Audience = "shop",
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(15),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = userId.ToString(),
                ["role"] = role,
                ["scope"] = "openid shop",
            },
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
        };
        change(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    /// <summary>Stops it.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private object PublishKeys()
    {
        Interlocked.Increment(ref _keyRequests);
        var key = Key.Rsa.ExportParameters(includePrivateParameters: false);
        return new
        {
            keys = new[]
            {
                new
                {
                    kty = "RSA",
                    use = "sig",
                    alg = "RS256",
                    kid = Key.KeyId,
                    n = Base64UrlEncoder.Encode(key.Modulus),
                    e = Base64UrlEncoder.Encode(key.Exponent),
                },
            },
        };
    }
}
