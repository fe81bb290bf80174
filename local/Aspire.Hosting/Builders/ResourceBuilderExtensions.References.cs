using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    private const string ConnectionStringPrefix = "ConnectionStrings__";

    /// <summary>Tells the resource another's connection string as <c>ConnectionStrings__name</c>, and its parts as <c>NAME_PART</c>.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The other resource.</param>
    /// <param name="connectionName">The name to use instead of the other's.</param>
    /// <param name="optional">Whether the connection string may be missing.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false
    )
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        builder.WithReferenceRelationship(resource);
        return builder.WithEnvironment(context =>
        {
            var flags = InjectionOf(builder.Resource);
            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionString))
            {
                var variable = resource.ConnectionStringEnvironmentVariable ?? ConnectionStringPrefix + name;
                context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionProperties))
            {
                var prefix = name.Length == 0 ? "" : $"{VariableName(name).ToUpperInvariant()}_";
                foreach (var (part, value) in resource.GetConnectionProperties())
                {
                    context.EnvironmentVariables[prefix + part.ToUpperInvariant()] = value;
                }
            }
        });
    }

    /// <summary>Tells the resource another's endpoints, for service discovery.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The other resource.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source
    )
        where TDestination : IResourceWithEnvironment => builder.ReferToEndpoints(source.Resource, null, null);

    /// <summary>Tells the resource another's endpoints, for service discovery under another name.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The other resource.</param>
    /// <param name="name">The name to use instead of the other's.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source,
        string name
    )
        where TDestination : IResourceWithEnvironment => builder.ReferToEndpoints(source.Resource, null, name);

    /// <summary>Tells the resource an address, for service discovery.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The name of the service.</param>
    /// <param name="uri">Its address, absolute and without path.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        string name,
        Uri uri
    )
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri || uri.AbsolutePath != "/")
        {
            throw new InvalidOperationException(
                $"The uri for the service reference '{name}' must be absolute and must not have a path."
            );
        }

        return builder
            .WithEnvironment($"services__{name}__default__0", uri.ToString())
            .WithEnvironment(VariableName(name), uri.ToString());
    }

    /// <summary>Tells the resource one of another's endpoints, for service discovery.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointReference">The endpoint.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        EndpointReference endpointReference
    )
        where TDestination : IResourceWithEnvironment =>
        builder.ReferToEndpoints(endpointReference.Resource, endpointReference.EndpointName, null);

    /// <summary>Says which kinds of variables references add to the resource.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="flags">The kinds.</param>
    public static IResourceBuilder<TDestination> WithReferenceEnvironment<TDestination>(
        this IResourceBuilder<TDestination> builder,
        ReferenceEnvironmentInjectionFlags flags
    )
        where TDestination : IResourceWithEnvironment =>
        builder.WithAnnotation(new ReferenceEnvironmentInjectionAnnotation(flags));

    private static IResourceBuilder<T> ReferToEndpoints<T>(
        this IResourceBuilder<T> builder,
        IResourceWithEndpoints source,
        string? endpointName,
        string? name
    )
        where T : IResourceWithEnvironment
    {
        builder.WithReferenceRelationship(source);
        var known = builder
            .Resource.Annotations.OfType<EndpointReferenceAnnotation>()
            .FirstOrDefault(annotation => annotation.Resource == source);
        var annotation = known ?? new EndpointReferenceAnnotation(source);
        if (known is null)
        {
            builder.WithAnnotation(annotation);
        }

        if (endpointName is null)
        {
            annotation.UseAllEndpoints = true;
        }
        else
        {
            annotation.EndpointNames.Add(endpointName);
        }

        // One callback per source and name: it reads the annotation, to which later references add.
        return known is not null && name is null
            ? builder
            : builder.WithEnvironment(context => AddEndpoints(context, annotation, name));
    }

    private static void AddEndpoints(
        EnvironmentCallbackContext context,
        EndpointReferenceAnnotation annotation,
        string? name
    )
    {
        var flags = InjectionOf(context.Resource);
        var service = name ?? annotation.Resource.Name;
        var key = VariableName(name ?? annotation.Resource.Name.ToUpperInvariant());
        foreach (var endpoint in annotation.Resource.GetEndpoints())
        {
            var byDefault = annotation.UseAllEndpoints && !endpoint.ExcludeReferenceEndpoint;
            if (!byDefault && !annotation.EndpointNames.Contains(endpoint.EndpointName))
            {
                continue;
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
            {
                var suffix = VariableName(endpoint.EndpointName).ToUpperInvariant();
                context.EnvironmentVariables[$"{key}_{suffix}"] = endpoint;
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
            {
                var scheme = endpoint.IsHttpSchemeNamedEndpoint ? endpoint.Scheme : endpoint.EndpointName;
                var index = 0;
                while (context.EnvironmentVariables.ContainsKey($"services__{service}__{scheme}__{index}"))
                {
                    index++;
                }

                context.EnvironmentVariables[$"services__{service}__{scheme}__{index}"] = endpoint;
            }
        }
    }

    private static ReferenceEnvironmentInjectionFlags InjectionOf(IResource resource) =>
        resource.TryGetLastAnnotation<ReferenceEnvironmentInjectionAnnotation>(out var annotation)
            ? annotation.Flags
            : ReferenceEnvironmentInjectionFlags.All;

    private static string VariableName(string name) =>
        (char.IsAsciiDigit(name[0]) ? "_" : "")
        + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
