using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where the dashboard shows a URL.</summary>
public enum UrlDisplayLocation
{
    /// <summary>In the list and in the details.</summary>
    SummaryAndDetails = 0,

    /// <summary>In the details only.</summary>
    DetailsOnly = 1,
}

/// <summary>A URL that the dashboard shows for the resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>Its place; the highest number comes first.</summary>
    public int? DisplayOrder;

    /// <summary>The URL; a path is completed with the endpoint's address.</summary>
    public required string Url { get; set; }

    /// <summary>The text that is shown instead of the URL.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that it belongs to.</summary>
    public EndpointReference? Endpoint { get; init; }

    /// <summary>Where it is shown.</summary>
    public UrlDisplayLocation DisplayLocation { get; set; }

    internal ResourceUrlAnnotation With(EndpointReference endpoint) =>
        new()
        {
            Url = Url,
            DisplayText = DisplayText,
            DisplayOrder = DisplayOrder,
            DisplayLocation = DisplayLocation,
            Endpoint = endpoint,
        };
}

/// <summary>Changes the URLs that the dashboard shows, once endpoints have addresses.</summary>
public sealed class ResourceUrlsCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Creates the annotation.</summary>
    /// <param name="callback">Changes the URLs.</param>
    public ResourceUrlsCallbackAnnotation(Func<ResourceUrlsCallbackContext, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = callback;
    }

    /// <summary>Creates the annotation.</summary>
    /// <param name="callback">Changes the URLs.</param>
    public ResourceUrlsCallbackAnnotation(Action<ResourceUrlsCallbackContext> callback)
        : this(context =>
        {
            callback(context);
            return Task.CompletedTask;
        }) { }

    /// <summary>Changes the URLs.</summary>
    public Func<ResourceUrlsCallbackContext, Task> Callback { get; }
}

/// <summary>The URLs of a resource.</summary>
/// <param name="executionContext">The operation under way.</param>
/// <param name="resource">The resource.</param>
/// <param name="urls">The URLs so far.</param>
/// <param name="cancellationToken">Ends the start.</param>
public class ResourceUrlsCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    List<ResourceUrlAnnotation>? urls = null,
    CancellationToken cancellationToken = default
)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The URLs so far.</summary>
    public List<ResourceUrlAnnotation> Urls { get; } = urls ?? [];

    /// <summary>The operation under way.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>Ends the start.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The resource's log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>An endpoint of the resource; null when it has none of that name.</summary>
    /// <param name="name">The endpoint's name.</param>
    public EndpointReference? GetEndpoint(string name) =>
        Resource is IResourceWithEndpoints owner && owner.GetEndpoint(name) is { Exists: true } found ? found : null;
}
