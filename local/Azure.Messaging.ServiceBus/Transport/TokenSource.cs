using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>A token for the broker, of a kind that its claims-based security node knows.</summary>
internal readonly record struct BrokerToken(string Type, string Value, DateTimeOffset ExpiresOn);

/// <summary>Where tokens come from.</summary>
internal abstract class TokenSource
{
    private const string SasType = "servicebus.windows.net:sastoken";

    public abstract ValueTask<BrokerToken> GetAsync(string audience, CancellationToken cancellationToken);

    public static TokenSource From(ServiceBusConnectionStringProperties properties) =>
        properties switch
        {
            { SharedAccessSignature.Length: > 0 } => new SignatureSource(() => properties.SharedAccessSignature),
            { SharedAccessKeyName.Length: > 0, SharedAccessKey.Length: > 0 } => new KeySource(() =>
                (properties.SharedAccessKeyName, properties.SharedAccessKey)
            ),
            _ => throw new ArgumentException(
                "The Service Bus connection string has neither SharedAccessKeyName and SharedAccessKey nor SharedAccessSignature."
            ),
        };

    public static TokenSource From(AzureNamedKeyCredential credential) =>
        new KeySource(() =>
        {
            var (name, key) = credential;
            return (name, key);
        });

    public static TokenSource From(AzureSasCredential credential) => new SignatureSource(() => credential.Signature);

    public static TokenSource From(TokenCredential credential) => new CredentialSource(credential);

    /// <summary>Signs a token of its own for each audience.</summary>
    private sealed class KeySource(Func<(string Name, string Key)> credential) : TokenSource
    {
        private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

        public override ValueTask<BrokerToken> GetAsync(string audience, CancellationToken cancellationToken)
        {
            var (name, key) = credential();
            var expiresOn = TimeProvider.System.GetUtcNow() + Lifetime;
            var resource = WebUtility.UrlEncode(audience);
            var expiry = expiresOn.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var signature = Convert.ToBase64String(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{resource}\n{expiry}"))
            );
            return new(
                new BrokerToken(
                    SasType,
                    $"SharedAccessSignature sr={resource}&sig={WebUtility.UrlEncode(signature)}&se={expiry}&skn={WebUtility.UrlEncode(name)}",
                    expiresOn
                )
            );
        }
    }

    /// <summary>Hands on a token that somebody else signed.</summary>
    private sealed class SignatureSource(Func<string> signature) : TokenSource
    {
        public override ValueTask<BrokerToken> GetAsync(string audience, CancellationToken cancellationToken)
        {
            var token = signature();
            var expiry = token.Split('&').FirstOrDefault(part => part.StartsWith("se=", StringComparison.Ordinal));
            var expiresOn =
                expiry is not null && long.TryParse(expiry.AsSpan(3), CultureInfo.InvariantCulture, out var seconds)
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                    : DateTimeOffset.MaxValue;
            return new(new BrokerToken(SasType, token, expiresOn));
        }
    }

    /// <summary>Asks Microsoft Entra ID.</summary>
    private sealed class CredentialSource(TokenCredential credential) : TokenSource
    {
        private static readonly string[] Scopes = ["https://servicebus.azure.net/.default"];

        public override async ValueTask<BrokerToken> GetAsync(string audience, CancellationToken cancellationToken)
        {
            var token = await credential
                .GetTokenAsync(new TokenRequestContext(Scopes), cancellationToken)
                .ConfigureAwait(false);
            return new BrokerToken("jwt", token.Token, token.ExpiresOn);
        }
    }
}
