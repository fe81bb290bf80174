namespace Shop.ServiceBusEmulator.Amqp;

internal enum NodeKind
{
    Entity,
    Management,
    Cbs,
}

/// <summary>An address in an attach: an entity's path, perhaps as a URI, perhaps with <c>/$management</c>.</summary>
internal readonly record struct NodeAddress(string Path, NodeKind Kind)
{
    private const string ManagementSuffix = "/$management";

    public static NodeAddress Parse(string address)
    {
        var path = PathOf(address);
        if (path.Equals("$cbs", StringComparison.OrdinalIgnoreCase))
        {
            return new("$cbs", NodeKind.Cbs);
        }

        return path.EndsWith(ManagementSuffix, StringComparison.OrdinalIgnoreCase)
            ? new(path[..^ManagementSuffix.Length], NodeKind.Management)
            : new(path, NodeKind.Entity);
    }

    /// <summary>The path of an address or of a token's audience, without scheme, host and outer slashes.</summary>
    public static string PathOf(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            var path = address.IndexOf('/', scheme + 3);
            address = path < 0 ? "" : address[path..];
        }

        return address.Trim('/');
    }
}
