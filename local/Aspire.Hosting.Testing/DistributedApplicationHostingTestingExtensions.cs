using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Reaches the resources of a started application.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>An HTTP client for an endpoint of a resource.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; the first of https and http when null.</param>
    public static HttpClient CreateHttpClient(
        this DistributedApplication app,
        string resourceName,
        string? endpointName = null
    )
    {
        var address = app.GetEndpoint(resourceName, endpointName);
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = address;
        return client;
    }

    /// <summary>The connection string of a resource; waits until it is known.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app,
        string resourceName,
        CancellationToken cancellationToken = default
    ) =>
        app.Find(resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException(
                $"Resource '{resourceName}' does not expose a connection string.",
                nameof(resourceName)
            );

    /// <summary>The address of an endpoint of a resource.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; the first of https and http when null.</param>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        if (app.Find(resourceName) is not IResourceWithEndpoints resource)
        {
            throw new InvalidOperationException($"Resource '{resourceName}' has no allocated endpoints.");
        }

        var endpoint = endpointName is null
            ? resource.GetEndpoints().FirstOrDefault(e => e.IsHttps)
                ?? resource.GetEndpoints().FirstOrDefault(e => e.IsHttp)
            : resource.GetEndpoints().FirstOrDefault(e => e.EndpointName == endpointName);
        return endpoint is { IsAllocated: true }
            ? new Uri(endpoint.Url)
            : throw new ArgumentException(
                $"Endpoint '{endpointName}' for resource '{resourceName}' not found.",
                nameof(endpointName)
            );
    }

    private static IResource Find(this DistributedApplication app, string resourceName)
    {
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            throw new InvalidOperationException("The application has not been started.");
        }

        var model = app.Services.GetRequiredService<DistributedApplicationModel>();
        return model.Resources.TryGetByName(resourceName, out var resource)
            ? resource
            : throw new ArgumentException($"Resource '{resourceName}' not found.", nameof(resourceName));
    }
}
