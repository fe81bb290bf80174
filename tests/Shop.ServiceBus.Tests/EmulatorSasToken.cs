using System.Security.Cryptography;
using System.Text;

namespace Shop.ServiceBus.Tests;

/// <summary>Signs tokens as a client does, right or wrong.</summary>
internal static class EmulatorSasToken
{
    public const string KeyName = "RootManageSharedAccessKey";
    public const string Key = "SAS_KEY_VALUE";

    public static string Sign(string key, string audience, DateTimeOffset expiresAt)
    {
        var resource = Uri.EscapeDataString(audience);
        var expiry = expiresAt.ToUnixTimeSeconds();
        var signature = Convert.ToBase64String(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{resource}\n{expiry}"))
        );
        return $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(signature)}&se={expiry}&skn={KeyName}";
    }
}
