using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds a registered health check.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="key">The name under which it is registered.</param>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource
    {
        if (builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(a => a.Key == key))
        {
            throw new DistributedApplicationException(
                $"Resource '{builder.Resource.Name}' already has a health check with key '{key}'."
            );
        }

        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>Adds a health check that expects an answer from an HTTP endpoint.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path; <c>/</c> when null.</param>
    /// <param name="statusCode">The answer's status; 200 when null.</param>
    /// <param name="endpointName">The endpoint; the first of https and http when null.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        string? endpointName = null
    )
        where T : IResourceWithEndpoints =>
        builder.WithHttpHealthCheck(
            endpointName is null ? null : () => builder.GetEndpoint(endpointName),
            path,
            statusCode
        );

    /// <summary>Adds a health check that expects an answer from an HTTP endpoint.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointSelector">Chooses the endpoint; the first of https and http when null.</param>
    /// <param name="path">The path; <c>/</c> when null.</param>
    /// <param name="statusCode">The answer's status; 200 when null.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        Func<EndpointReference>? endpointSelector,
        string? path = null,
        int? statusCode = null
    )
        where T : IResourceWithEndpoints
    {
        var endpoint = endpointSelector is null ? HttpEndpoint(builder) : endpointSelector();
        if (endpoint.Scheme is not ("http" or "https"))
        {
            throw new DistributedApplicationException(
                $"Could not create HTTP health check for resource '{builder.Resource.Name}' as the endpoint with name '{endpoint.EndpointName}' and scheme '{endpoint.Scheme}' is not an HTTP endpoint."
            );
        }

        var expectedPath = path ?? "/";
        var expectedStatus = statusCode ?? 200;
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{expectedPath}_{expectedStatus}_check";
        var services = builder.ApplicationBuilder.Services;
        services.AddHttpClient(EndpointHealthCheck.HttpClientName).RemoveAllLoggers();
        services
            .AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    key,
                    provider => new EndpointHealthCheck(
                        endpoint,
                        expectedPath,
                        expectedStatus,
                        provider.GetRequiredService<IHttpClientFactory>()
                    ),
                    failureStatus: null,
                    tags: null
                )
            );
        return builder.WithHealthCheck(key);
    }

    private static EndpointReference HttpEndpoint<T>(IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints =>
        builder.Resource.GetEndpoints().FirstOrDefault(e => e.IsHttps)
        ?? builder.Resource.GetEndpoints().FirstOrDefault(e => e.IsHttp)
        ?? throw new DistributedApplicationException(
            $"Could not create HTTP health check for resource '{builder.Resource.Name}' as it has no HTTP endpoint; add one with WithHttpEndpoint before WithHttpHealthCheck."
        );
}
