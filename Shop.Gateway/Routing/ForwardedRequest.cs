using Yarp.ReverseProxy.Model;

namespace Shop.Gateway.Routing;

/// <summary>What the routes' table says about a request that is passed on.</summary>
internal static class ForwardedRequest
{
    internal const string Service = "Service";
    internal const string Stream = "Stream";

    /// <summary>The name of the service that answers it.</summary>
    public static string ServiceOf(this IReverseProxyFeature proxy) =>
        proxy.Cluster.Config.Metadata?.GetValueOrDefault(Service) ?? proxy.Cluster.Config.ClusterId;

    /// <summary>Whether its answer goes on for minutes, as server-sent events do.</summary>
    public static bool IsStream(this IReverseProxyFeature proxy) =>
        proxy.Cluster.Config.Metadata?.ContainsKey(Stream) is true;
}
