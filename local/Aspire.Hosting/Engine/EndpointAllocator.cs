using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Engine;

/// <summary>Gives every endpoint its address before anything starts, so that anything can be told about anything.</summary>
internal sealed class EndpointAllocator(IConfiguration configuration)
{
    private static readonly TimeSpan ProxyLimit = TimeSpan.FromSeconds(30);

    private bool RandomizePorts =>
        string.Equals(configuration["DcpPublisher:RandomizePorts"], "true", StringComparison.OrdinalIgnoreCase);

    public async Task Allocate(
        DcpClient dcp,
        IReadOnlyCollection<IResourceWithEndpoints> resources,
        CancellationToken cancellationToken
    )
    {
        var proxied = new List<(string Service, EndpointAnnotation Endpoint, string Resource)>();
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                if (endpoint.IsProxied)
                {
                    proxied.Add((ServiceName(resource, endpoint), endpoint, resource.Name));
                }
                else
                {
                    AllocateDirect(resource, endpoint);
                }
            }
        }

        await Task.WhenAll(proxied.Select(p => CreateProxy(dcp, p.Service, p.Endpoint, p.Resource, cancellationToken)));
        await WaitForProxies(dcp, proxied.ToDictionary(p => p.Service, p => p.Endpoint), cancellationToken);
    }

    /// <summary>What an instance says about the services that it listens for.</summary>
    public static IEnumerable<DcpServiceProducer> ProducersOf(IResource resource) =>
        resource
            .Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.IsProxied)
            .Select(endpoint => new DcpServiceProducer
            {
                ServiceName = ServiceName(resource, endpoint),
                Address = endpoint.TargetHost,
                Port = endpoint.TargetPort,
            });

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string ServiceName(IResource resource, EndpointAnnotation endpoint) =>
        resource.Annotations.OfType<EndpointAnnotation>().Count() == 1
            ? resource.Name
            : $"{resource.Name}-{endpoint.Name}";

    private static void AllocateDirect(IResource resource, EndpointAnnotation endpoint)
    {
        if (resource.GetReplicaCount() > 1)
        {
            throw new DistributedApplicationException(
                $"Resource '{resource.Name}' uses multiple replicas and a proxy-less endpoint '{endpoint.Name}'. These features do not work together."
            );
        }

        var port = endpoint.Port ?? endpoint.TargetPort ?? FreePort();
        endpoint.Port = port;
        endpoint.TargetPort = port;
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, endpoint.TargetHost, port);
    }

    // Below what operating systems take for outgoing connections, one of which might have taken the port meanwhile.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private async Task CreateProxy(
        DcpClient dcp,
        string service,
        EndpointAnnotation endpoint,
        string resource,
        CancellationToken cancellationToken
    )
    {
        var port = RandomizePorts ? null : endpoint.Port;
        if (port is { } wanted && !IsFree(wanted))
        {
            throw new DistributedApplicationException(
                $"Port {wanted}, which endpoint '{endpoint.Name}' of resource '{resource}' needs, is in use by another program; stop that program or choose another port."
            );
        }

        var item = new DcpService
        {
            Metadata = new DcpMetadata { Name = service },
            Spec = new DcpServiceSpec { Port = port, Protocol = endpoint.Protocol == ProtocolType.Udp ? "UDP" : "TCP" },
        };
        await dcp.Create(DcpService.Plural, item, cancellationToken);
    }

    private static async Task WaitForProxies(
        DcpClient dcp,
        Dictionary<string, EndpointAnnotation> waiting,
        CancellationToken cancellationToken
    )
    {
        if (waiting.Count == 0)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProxyLimit);
        try
        {
            await foreach (var (_, item) in dcp.Watch<DcpService>(DcpService.Plural, limit.Token))
            {
                if (
                    item.Status is { EffectivePort: > 0 and var port }
                    && waiting.Remove(item.Metadata.Name, out var endpoint)
                )
                {
                    endpoint.AllocatedEndpoint = new AllocatedEndpoint(
                        endpoint,
                        "localhost",
                        port,
                        InstanceTemplates.PortForServing(item.Metadata.Name)
                    );
                }

                if (waiting.Count == 0)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Said below.
        }

        throw new DistributedApplicationException(
            $"Aspire's engine (DCP) opened no port for {string.Join(", ", waiting.Keys)} within {ProxyLimit.TotalSeconds} s; start again."
        );
    }
}
