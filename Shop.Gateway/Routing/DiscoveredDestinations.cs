using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Shop.Gateway.Routing;

/// <summary>
/// Turns a service's name (<c>https+http://catalog</c>) into the addresses of its instances, and tells YARP to ask again when
/// service discovery says that they changed.
/// </summary>
internal sealed class DiscoveredDestinations(ServiceEndpointResolver resolver) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations,
        CancellationToken cancellationToken
    )
    {
        var instances = new Dictionary<string, DestinationConfig>();
        var changes = new List<IChangeToken>(destinations.Count);
        foreach (var (name, service) in destinations)
        {
            var found = await resolver.GetEndpointsAsync(service.Address, cancellationToken);
            changes.Add(found.ChangeToken);
            foreach (var endpoint in found.Endpoints)
            {
                var address = AddressOf(endpoint);
                // The address is part of the key, so an instance keeps its health when others come or go.
                instances[$"{name} {address}"] = service with
                {
                    Address = address,
                };
            }
        }

        return new ResolvedDestinationCollection(instances, new CompositeChangeToken(changes));
    }

    /// <summary>An endpoint without a scheme (a bare host name, as in a cluster) is plain HTTP inside the system.</summary>
    private static string AddressOf(ServiceEndpoint endpoint) =>
        endpoint.EndPoint is UriEndPoint { Uri: var uri } ? uri.ToString() : $"http://{endpoint}";
}
