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
    private static readonly (string Service, string Path)[] Table =
    [
        ("catalog", "/api/products"),
        ("ordering", "/api/orders"),
        ("inventory", "/api/inventory"),
        ("payments", "/api/payments"),
        ("users", "/api/users"),
        ("users", "/connect"),
        ("users", "/.well-known"),
        ("users", "/account"),
        ("search", "/api/search"),
        ("billing", "/api/invoices"),
        ("notifications", "/api/notifications"),
    ];

    /// <summary>What operators do with a service, such as redriving its dead letters.</summary>
    private const string OperationsPath = "/api/operations/";

    /// <summary>For each service the paths below which everything is its own.</summary>
    public static ILookup<string, string> Paths { get; } =
        Table
            .Concat(Table.Select(row => (row.Service, Path: OperationsPath + row.Service)))
            .Distinct()
            .ToLookup(row => row.Service, row => row.Path);

    private readonly Config config = new(
        [.. Paths.SelectMany(service => service.Select(path => Route(service.Key, path)))],
        [.. Paths.Select(service => Cluster(service.Key, options.Value.TimeoutOf(service.Key)))]
    );

    public IProxyConfig GetConfig() => config;

    private static RouteConfig Route(string service, string path) =>
        new()
        {
            RouteId = path,
            ClusterId = service,
            Match = new RouteMatch { Path = path + "/{**rest}" },
            AuthorizationPolicy = "anonymous", // the service decides
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

    private sealed class Config(IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters) : IProxyConfig
    {
        public IReadOnlyList<RouteConfig> Routes => routes;

        public IReadOnlyList<ClusterConfig> Clusters => clusters;

        // The table is code; what changes at run time are the services' addresses (DiscoveredDestinations).
        public IChangeToken ChangeToken { get; } = new CancellationChangeToken(CancellationToken.None);
    }
}
