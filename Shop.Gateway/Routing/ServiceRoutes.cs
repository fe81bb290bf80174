using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Shop.Gateway.Routing;

/// <summary>Which service answers which path. A service is known here by its name alone.</summary>
internal sealed class ServiceRoutes(IOptions<GatewayOptions> options) : IProxyConfigProvider
{
    /// <summary>There is something for callers whom nobody knows; the service decides what.</summary>
    private const string Anyone = "anonymous";

    /// <summary>There is nothing for them, so they are refused here. What a user may do, the service decides.</summary>
    private const string Users = "default";

    /// <summary>The web pages for shoppers and staff.</summary>
    public const string Storefront = "storefront";

    /// <summary>The route of all pages.</summary>
    public const string PagesPath = $"/{{**rest:{PagePath.Name}}}";

    /// <summary>What operators do with a service, such as redriving its dead letters.</summary>
    private const string OperationsPath = "/api/operations/";

    private static readonly (string Service, string Path, string For)[] Table =
    [
        ("catalog", "/api/products", Anyone),
        ("ordering", "/api/orders", Users),
        ("ordering", "/api/orders/quote", Anyone),
        ("ordering", "/api/orders/regions", Anyone),
        ("inventory", "/api/inventory", Users),
        ("payments", "/api/payments", Users),
        ("users", "/api/users", Anyone),
        ("users", "/connect", Anyone),
        ("users", "/.well-known", Anyone),
        ("users", "/account/login", Anyone),
        ("users", "/account/logout", Anyone),
        ("users", "/account/register", Anyone),
        ("search", "/api/search", Anyone),
        ("billing", "/api/invoices", Users),
        ("notifications", "/api/notifications", Users),
    ];

    /// <summary>
    /// Answers that go on for minutes (server-sent events). They have clusters of their own: other limits of time, and they do
    /// not take the places of other requests.
    /// </summary>
    private static readonly (string Service, string Path, string For)[] Streams =
    [
        ("ordering", "/api/orders/{id}/events", Users),
        (Storefront, "/orders/{id}/events", Anyone),
    ];

    /// <summary>How long a stream may be silent; it has a heartbeat every 15 s.</summary>
    private static readonly TimeSpan StreamSilence = TimeSpan.FromMinutes(1);

    /// <summary>For each service the paths below which everything is its own, and whether there is something for anyone.</summary>
    public static ILookup<string, (string Path, bool IsForAnyone)> Paths { get; } =
        Table
            .Concat(Table.Select(row => (row.Service, Path: OperationsPath + row.Service, For: Users)))
            .Distinct()
            .ToLookup(row => row.Service, row => (row.Path, row.For == Anyone));

    private readonly Config config = new(
        [
            .. Paths.SelectMany(service =>
                service.Select(one => Route(service.Key, one.Path, one.Path + "/{**rest}", one.IsForAnyone))
            ),
            .. Streams.Select(stream =>
                Route(StreamCluster(stream.Service), stream.Path, stream.Path, stream.For == Anyone)
            ),
            Pages,
        ],
        [
            .. Paths
                .Select(service => service.Key)
                .Append(Storefront)
                .Select(service => Cluster(service, options.Value.TimeoutOf(service))),
            .. Streams.Select(stream => stream.Service).Distinct().Select(ClusterOfStreams),
        ]
    );

    /// <summary>Every other address is for people.</summary>
    private static RouteConfig Pages =>
        new()
        {
            RouteId = Storefront,
            ClusterId = Storefront,
            Order = int.MaxValue,
            Match = new RouteMatch { Path = PagesPath },
            AuthorizationPolicy = Anyone,
        };

    public IProxyConfig GetConfig() => config;

    /// <summary>Whether a cluster is one of pages, which have cookies.</summary>
    public static bool IsOfPages(string? cluster) =>
        cluster is "users" or Storefront || cluster == StreamCluster(Storefront);

    private static string StreamCluster(string service) => service + "-streams";

    private static RouteConfig Route(string cluster, string id, string path, bool isForAnyone) =>
        new()
        {
            RouteId = id,
            ClusterId = cluster,
            Match = new RouteMatch { Path = path },
            AuthorizationPolicy = isForAnyone ? Anyone : Users,
        };

    private static ClusterConfig Cluster(string service, TimeSpan timeout) =>
        new()
        {
            ClusterId = service,
            LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
            HttpRequest = new ForwarderRequestConfig { ActivityTimeout = timeout },
            HealthCheck = new HealthCheckConfig
            {
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    // Not /healthz: an instance that cannot reach its database, or is about to stop, answers that, too.
                    Path = "/ready",
                    Interval = TimeSpan.FromSeconds(5),
                    Timeout = TimeSpan.FromSeconds(4),
                    Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                },
                Passive = new PassiveHealthCheckConfig
                {
                    Enabled = true,
                    Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
                    ReactivationPeriod = TimeSpan.FromSeconds(10),
                },
                // When all instances look dead one of them may just have come back, so they are tried all the same.
                AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            },
            Destinations = new Dictionary<string, DestinationConfig>
            {
                [service] = new() { Address = "https+http://" + service },
            },
        };

    /// <summary>Not probed: the service's own cluster is, and a stream that meets a dead instance is sent to another.</summary>
    private static ClusterConfig ClusterOfStreams(string service)
    {
        var cluster = Cluster(service, StreamSilence);
        return cluster with
        {
            ClusterId = StreamCluster(service),
            HealthCheck = cluster.HealthCheck! with { Active = null },
            Metadata = new Dictionary<string, string>
            {
                [ForwardedRequest.Service] = service,
                [ForwardedRequest.Stream] = "",
            },
        };
    }

    private sealed class Config(IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters) : IProxyConfig
    {
        public IReadOnlyList<RouteConfig> Routes => routes;

        public IReadOnlyList<ClusterConfig> Clusters => clusters;

        // The table is code; what changes at run time are the services' addresses (DiscoveredDestinations).
        public IChangeToken ChangeToken { get; } = new CancellationChangeToken(CancellationToken.None);
    }
}
