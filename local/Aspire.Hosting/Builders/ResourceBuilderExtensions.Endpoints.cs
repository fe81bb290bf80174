using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds an endpoint.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port that others use; chosen at the start when null.</param>
    /// <param name="targetPort">The port on which the process listens; chosen at the start when null.</param>
    /// <param name="scheme">The scheme of its address.</param>
    /// <param name="name">Its name; the scheme when null.</param>
    /// <param name="env">The variable that tells the process its port.</param>
    /// <param name="isProxied">Whether a proxy listens in front of the process; true when null.</param>
    /// <param name="isExternal">Whether it is meant for callers outside of the application.</param>
    /// <param name="protocol">TCP or UDP; TCP when null.</param>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null,
        bool? isExternal = null,
        ProtocolType? protocol = null
    )
        where T : IResourceWithEndpoints
    {
        var annotation = new EndpointAnnotation(
            protocol ?? ProtocolType.Tcp,
            uriScheme: scheme,
            name: name,
            port: port,
            targetPort: targetPort,
            isExternal: isExternal,
            isProxied: isProxied
        );
        if (FindEndpoint(builder.Resource, annotation.Name) is not null)
        {
            throw new DistributedApplicationException(
                $"Endpoint with name '{annotation.Name}' already exists. Endpoint name may not have been explicitly specified and was derived automatically from scheme argument (e.g. 'http', 'https', or 'tcp'). Multiple calls to WithEndpoint (and related methods) may result in a conflict if name argument is not specified. Each endpoint must have a unique name. For more information on networking in Aspire see: https://aka.ms/dotnet/aspire/networking"
            );
        }

        if (env is not null && builder.Resource is IResourceWithEnvironment)
        {
            var reference = new EndpointReference(builder.Resource, annotation);
            annotation.EnvironmentVariable = env;
            builder.SetVariable(env, reference.Property(EndpointProperty.TargetPort));
        }

        return builder.WithAnnotation(annotation);
    }

    /// <summary>Changes an endpoint.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="callback">Changes it.</param>
    /// <param name="createIfNotExists">Whether it is created when there is none of that name.</param>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Action<EndpointAnnotation> callback,
        bool createIfNotExists = true
    )
        where T : IResourceWithEndpoints
    {
        var endpoint = FindEndpoint(builder.Resource, endpointName);
        if (endpoint is null && createIfNotExists)
        {
            endpoint = new EndpointAnnotation(ProtocolType.Tcp, name: endpointName);
            callback(endpoint);
            builder.WithAnnotation(endpoint);
        }
        else if (endpoint is not null)
        {
            callback(endpoint);
        }

        return builder;
    }

    /// <summary>Adds an HTTP endpoint.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port that others use; chosen at the start when null.</param>
    /// <param name="targetPort">The port on which the process listens; chosen at the start when null.</param>
    /// <param name="name">Its name; <c>http</c> when null.</param>
    /// <param name="env">The variable that tells the process its port.</param>
    /// <param name="isProxied">Whether a proxy listens in front of the process; true when null.</param>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null
    )
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Adds an HTTPS endpoint.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port that others use; chosen at the start when null.</param>
    /// <param name="targetPort">The port on which the process listens; chosen at the start when null.</param>
    /// <param name="name">Its name; <c>https</c> when null.</param>
    /// <param name="env">The variable that tells the process its port.</param>
    /// <param name="isProxied">Whether a proxy listens in front of the process; true when null.</param>
    public static IResourceBuilder<T> WithHttpsEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null
    )
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "https", name, env, isProxied);

    /// <summary>Says that the HTTP endpoints are meant for callers outside of the application.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            endpoint.IsExternal |= endpoint.UriScheme is "http" or "https";
        }

        return builder;
    }

    /// <summary>Says that the HTTP endpoints speak HTTP/2 only.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    public static IResourceBuilder<T> AsHttp2Service<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            endpoint.Transport = endpoint.UriScheme is "http" or "https" ? "http2" : endpoint.Transport;
        }

        return builder;
    }

    /// <summary>A reference to one of the resource's endpoints.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The endpoint's name.</param>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => builder.Resource.GetEndpoint(name);

    private static EndpointAnnotation? FindEndpoint(IResource resource, string name) =>
        resource
            .Annotations.OfType<EndpointAnnotation>()
            .FirstOrDefault(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
}
