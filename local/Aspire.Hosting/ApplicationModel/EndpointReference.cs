using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What one wants to know of an endpoint.</summary>
public enum EndpointProperty
{
    /// <summary>Scheme, host and port.</summary>
    Url = 0,

    /// <summary>The host name.</summary>
    Host = 1,

    /// <summary>The host's IPv4 address.</summary>
    IPV4Host = 2,

    /// <summary>The port that others use.</summary>
    Port = 3,

    /// <summary>The scheme.</summary>
    Scheme = 4,

    /// <summary>The port on which the process listens.</summary>
    TargetPort = 5,

    /// <summary>Host and port.</summary>
    HostAndPort = 6,

    /// <summary><c>True</c> when encrypted.</summary>
    TlsEnabled = 7,
}

/// <summary>A reference to an endpoint of a resource; its value is the endpoint's URL.</summary>
public sealed class EndpointReference : IExpressionValue, IValueWithReferences
{
    private EndpointAnnotation? _endpoint;

    /// <summary>Creates a reference.</summary>
    /// <param name="owner">The resource that has the endpoint.</param>
    /// <param name="endpoint">The endpoint.</param>
    public EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint)
        : this(owner, endpoint?.Name!) => _endpoint = endpoint;

    /// <summary>Creates a reference.</summary>
    /// <param name="owner">The resource that has the endpoint.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    public EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(endpointName);
        Resource = owner;
        EndpointName = endpointName;
    }

    /// <summary>The resource that has the endpoint.</summary>
    public IResourceWithEndpoints Resource { get; }

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; }

    /// <summary>What is said when there is no such endpoint.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The endpoint.</summary>
    /// <exception cref="InvalidOperationException">The resource has no such endpoint.</exception>
    public EndpointAnnotation EndpointAnnotation =>
        FindEndpoint() ?? throw new InvalidOperationException(ErrorMessage ?? Missing());

    /// <summary>Whether the resource has the endpoint.</summary>
    public bool Exists => FindEndpoint() is not null;

    /// <summary>Whether the endpoint has an address.</summary>
    public bool IsAllocated => FindEndpoint()?.AllocatedEndpoint is not null;

    /// <summary>Whether its scheme is http.</summary>
    public bool IsHttp => Is(Scheme, "http");

    /// <summary>Whether its scheme is https.</summary>
    public bool IsHttps => Is(Scheme, "https");

    /// <summary>Whether it is named http or https.</summary>
    public bool IsHttpSchemeNamedEndpoint => Is(EndpointName, "http") || Is(EndpointName, "https");

    /// <summary>Whether it is encrypted.</summary>
    public bool TlsEnabled => FindEndpoint() is { TlsEnabled: true };

    /// <summary>Whether a reference to the resource leaves it out.</summary>
    public bool ExcludeReferenceEndpoint => FindEndpoint() is { ExcludeReferenceEndpoint: true };

    /// <summary>The network from which it is used, when that is fixed.</summary>
    public NetworkIdentifier? ContextNetworkID { get; }

    /// <summary>The scheme.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The host; known once the application has started.</summary>
    public string Host => Allocated.Address;

    /// <summary>The port; known once the application has started.</summary>
    public int Port => Allocated.Port;

    /// <summary>The port on which the process listens, if fixed.</summary>
    public int? TargetPort => EndpointAnnotation.TargetPort;

    /// <summary>The URL; known once the application has started.</summary>
    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression => Expression(EndpointProperty.Url);

    IEnumerable<object> IValueWithReferences.References => [Resource];

    private AllocatedEndpoint Allocated =>
        EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException(
            $"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`."
        );

    /// <summary>One property of the endpoint.</summary>
    /// <param name="property">Which.</param>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <summary>One of two values, depending on whether the endpoint is encrypted.</summary>
    /// <param name="enabledValue">When encrypted.</param>
    /// <param name="disabledValue">When not.</param>
    public ReferenceExpression GetTlsValue(ReferenceExpression enabledValue, ReferenceExpression disabledValue) =>
        ReferenceExpression.CreateConditional(
            Property(EndpointProperty.TlsEnabled),
            bool.TrueString,
            enabledValue,
            disabledValue
        );

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Property(EndpointProperty.Url).GetValueAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(
        ValueProviderContext context,
        CancellationToken cancellationToken = default
    ) => Property(EndpointProperty.Url).GetValueAsync(context, cancellationToken);

    internal string Expression(EndpointProperty property)
    {
        return property switch
        {
            EndpointProperty.Url => Binding("url"),
            EndpointProperty.Host or EndpointProperty.IPV4Host => Binding("host"),
            EndpointProperty.Port => Binding("port"),
            EndpointProperty.Scheme => Binding("scheme"),
            EndpointProperty.TargetPort => Binding("targetPort"),
            EndpointProperty.HostAndPort => $"{Binding("host")}:{Binding("port")}",
            EndpointProperty.TlsEnabled => Binding("tlsEnabled"),
            _ => throw new ArgumentOutOfRangeException(nameof(property)),
        };

        string Binding(string part) => $"{{{Resource.Name}.bindings.{EndpointName}.{part}}}";
    }

    private EndpointAnnotation? FindEndpoint() =>
        _endpoint ??= Resource
            .Annotations.OfType<EndpointAnnotation>()
            .SingleOrDefault(endpoint => Is(endpoint.Name, EndpointName));

    private string Missing()
    {
        var names = Resource.Annotations.OfType<EndpointAnnotation>().Select(e => $"`{e.Name}`");
        var known = string.Join(", ", names);
        return known.Length == 0
            ? $"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`. The resource has no endpoints defined."
            : $"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`. Available endpoints: {known}.";
    }

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A property of an endpoint; its value is known once the application has started.</summary>
/// <param name="endpointReference">The endpoint.</param>
/// <param name="property">The property.</param>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    : IExpressionValue,
        IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>The property.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc />
    public string ValueExpression => Endpoint.Expression(Property);

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(
        ValueProviderContext context,
        CancellationToken cancellationToken = default
    )
    {
        var endpoint = Endpoint.EndpointAnnotation;
        switch (Property)
        {
            case EndpointProperty.Scheme:
                return endpoint.UriScheme;
            case EndpointProperty.TlsEnabled:
                return endpoint.TlsEnabled.ToString();
            case EndpointProperty.IPV4Host:
                return "127.0.0.1";
            case EndpointProperty.TargetPort when endpoint.TargetPort is { } fixedPort:
                return fixedPort.ToString(CultureInfo.InvariantCulture);
            default:
                var network = context.Network ?? KnownNetworkIdentifiers.LocalhostNetwork;
                return Of(await endpoint.AllAllocatedEndpoints.GetAllocatedEndpointAsync(network, cancellationToken));
        }
    }

    private string? Of(AllocatedEndpoint allocated) =>
        Property switch
        {
            EndpointProperty.Url => allocated.UriString,
            EndpointProperty.Host => allocated.Address,
            EndpointProperty.Port => allocated.Port.ToString(CultureInfo.InvariantCulture),
            EndpointProperty.HostAndPort => allocated.EndPointString,
            EndpointProperty.TargetPort => allocated.TargetPortExpression,
            _ => throw new InvalidOperationException(
                $"The property '{Property}' is not supported for the endpoint '{Endpoint.EndpointName}'."
            ),
        };
}
