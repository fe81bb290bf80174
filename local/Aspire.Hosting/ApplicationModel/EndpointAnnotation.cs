using System.Collections;
using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint on which a resource listens.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private bool? _proxied;
    private string? _transport;

    /// <summary>Describes an endpoint.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">The scheme of its address; the protocol's name if not given.</param>
    /// <param name="transport">What is spoken on it: <c>http</c>, <c>http2</c>, <c>tcp</c>.</param>
    /// <param name="name">Its name; the scheme if not given.</param>
    /// <param name="port">The port that others use.</param>
    /// <param name="targetPort">The port on which the process listens.</param>
    /// <param name="isExternal">Whether it is meant for callers outside of the application.</param>
    /// <param name="isProxied">Whether a proxy listens in front of the process.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null
    )
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        _transport = transport;
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        _proxied = isProxied;
        TlsEnabled = string.Equals(UriScheme, "https", StringComparison.OrdinalIgnoreCase);
        ModelName.Validate("endpoint", Name);
    }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The scheme of its address.</summary>
    public string UriScheme { get; set; }

    /// <summary>What is spoken on it.</summary>
    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    /// <summary>Its name, unique in the resource.</summary>
    public string Name { get; set; }

    /// <summary>The port that others use; chosen when the application starts if not given.</summary>
    public int? Port
    {
        // Without a proxy there is one port only, whichever way it was given.
        get => field ?? (_proxied is false ? TargetPort : null);
        set;
    }

    /// <summary>The port on which the process listens; chosen when it starts if not given.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The host name or address that the endpoint is bound to.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Whether it is meant for callers outside of the application.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether a proxy listens in front of the process.</summary>
    public bool IsProxied
    {
        get => _proxied ?? true;
        set => _proxied = value;
    }

    /// <summary>What was said about the proxy; null when nothing was said.</summary>
    public bool? IsExplicitlyProxied
    {
        get => _proxied;
        set => _proxied = value;
    }

    /// <summary>Whether a reference to the resource leaves this endpoint out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Whether the endpoint is encrypted.</summary>
    public bool TlsEnabled { get; set; }

    /// <summary>The network to which its address belongs.</summary>
    public NetworkIdentifier DefaultNetworkID { get; } = KnownNetworkIdentifiers.LocalhostNetwork;

    /// <summary>Its address on this machine; null until the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => AllAllocatedEndpoints.Find(DefaultNetworkID);
        set
        {
            if (value is not null)
            {
                AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(DefaultNetworkID, value);
            }
        }
    }

    /// <summary>Its addresses by network.</summary>
    public NetworkEndpointSnapshotList AllAllocatedEndpoints { get; } = new();

    internal bool FromLaunchProfile { get; init; }

    internal string? EnvironmentVariable { get; set; }
}

/// <summary>The address that an endpoint got.</summary>
public class AllocatedEndpoint
{
    /// <summary>Creates the address.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="address">Host name or IP address.</param>
    /// <param name="port">The port.</param>
    /// <param name="targetPortExpression">What the engine replaces with the process's own port.</param>
    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        Endpoint = endpoint;
        Address = address;
        Port = port;
        TargetPortExpression = targetPortExpression;
    }

    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>Host name or IP address.</summary>
    public string Address { get; }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>What the engine replaces with the process's own port.</summary>
    public string? TargetPortExpression { get; }

    /// <summary>The network to which it belongs.</summary>
    public NetworkIdentifier NetworkID => Endpoint.DefaultNetworkID;

    /// <summary>The scheme.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>Host and port.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary>Scheme, host and port.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc />
    public override string ToString() => UriString;
}

/// <summary>An endpoint's address in one network.</summary>
/// <param name="Snapshot">The address, once known.</param>
/// <param name="NetworkID">The network.</param>
public record NetworkEndpointSnapshot(ValueSnapshot<AllocatedEndpoint> Snapshot, NetworkIdentifier NetworkID);

/// <summary>An endpoint's addresses by network.</summary>
public class NetworkEndpointSnapshotList : IEnumerable<NetworkEndpointSnapshot>
{
    private readonly ConcurrentDictionary<NetworkIdentifier, NetworkEndpointSnapshot> _snapshots = [];
    private readonly ConcurrentDictionary<NetworkIdentifier, AllocatedEndpoint> _current = [];

    /// <summary>Sets the address in a network.</summary>
    /// <param name="networkId">The network.</param>
    /// <param name="endpoint">The address.</param>
    public void AddOrUpdateAllocatedEndpoint(NetworkIdentifier networkId, AllocatedEndpoint endpoint)
    {
        _current[networkId] = endpoint;
        Of(networkId).Snapshot.SetValue(endpoint);
    }

    /// <summary>The address in a network; waits until it is known.</summary>
    /// <param name="networkId">The network.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<AllocatedEndpoint> GetAllocatedEndpointAsync(
        NetworkIdentifier networkId,
        CancellationToken cancellationToken = default
    )
    {
        // Everything runs on this machine, so every network sees the same address.
        await Of(KnownNetworkIdentifiers.LocalhostNetwork).Snapshot.GetValueAsync(cancellationToken);
        return Find(networkId) ?? Find(KnownNetworkIdentifiers.LocalhostNetwork)!;
    }

    /// <inheritdoc />
    public IEnumerator<NetworkEndpointSnapshot> GetEnumerator() => _snapshots.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal AllocatedEndpoint? Find(NetworkIdentifier networkId) => _current.GetValueOrDefault(networkId);

    private NetworkEndpointSnapshot Of(NetworkIdentifier networkId) =>
        _snapshots.GetOrAdd(networkId, static id => new(new ValueSnapshot<AllocatedEndpoint>(), id));
}
