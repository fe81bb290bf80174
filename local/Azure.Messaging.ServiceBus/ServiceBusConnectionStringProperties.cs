namespace Azure.Messaging.ServiceBus;

/// <summary>The parts of a connection string.</summary>
public class ServiceBusConnectionStringProperties
{
    /// <summary>Gets the broker's address.</summary>
    public Uri? Endpoint { get; private set; }

    /// <summary>Gets the entity that the string is limited to; null for the whole namespace.</summary>
    public string? EntityPath { get; private set; }

    /// <summary>Gets the broker's host.</summary>
    public string? FullyQualifiedNamespace => Endpoint?.Host;

    /// <summary>Gets the secret to sign tokens with.</summary>
    public string? SharedAccessKey { get; private set; }

    /// <summary>Gets the name of the secret.</summary>
    public string? SharedAccessKeyName { get; private set; }

    /// <summary>Gets a token that was signed before.</summary>
    public string? SharedAccessSignature { get; private set; }

    internal bool UseDevelopmentEmulator { get; private set; }

    /// <summary>Reads a connection string.</summary>
    /// <param name="connectionString">Pairs of name and value, as the Azure portal gives them.</param>
    /// <exception cref="FormatException">It is not made of such pairs, or has no usable endpoint.</exception>
    public static ServiceBusConnectionStringProperties Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var properties = new ServiceBusConnectionStringProperties();
        foreach (
            var pair in connectionString.Split(
                ';',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        )
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException(
                    "A Service Bus connection string is made of 'Name=Value' pairs with ';' between them."
                );
            }

            properties.Set(pair[..equals].Trim(), pair[(equals + 1)..].Trim());
        }

        return properties.Endpoint is null
            ? throw new FormatException("The Service Bus connection string has no 'Endpoint=sb://...'.")
            : properties;
    }

    private void Set(string name, string value)
    {
        switch (name.ToUpperInvariant())
        {
            case "ENDPOINT":
                Endpoint =
                    Uri.TryCreate(
                        value.Contains("://", StringComparison.Ordinal) ? value : $"sb://{value}",
                        UriKind.Absolute,
                        out var uri
                    )
                    && uri.Host.Length > 0
                        ? uri
                        : throw new FormatException(
                            "The endpoint of the Service Bus connection string is not an address."
                        );
                break;
            case "ENTITYPATH":
                EntityPath = value;
                break;
            case "SHAREDACCESSKEYNAME":
                SharedAccessKeyName = value;
                break;
            case "SHAREDACCESSKEY":
                SharedAccessKey = value;
                break;
            case "SHAREDACCESSSIGNATURE":
                SharedAccessSignature = value;
                break;
            case "USEDEVELOPMENTEMULATOR":
                UseDevelopmentEmulator = bool.TryParse(value, out var emulator)
                    ? emulator
                    : throw new FormatException("UseDevelopmentEmulator is true or false.");
                break;
            default:
                // Newer strings may have parts that are not known here.
                break;
        }
    }
}
