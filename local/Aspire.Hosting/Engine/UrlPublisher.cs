using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Works out the URLs that the dashboard shows for a resource.</summary>
internal sealed class UrlPublisher(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    DistributedApplicationExecutionContext context
)
{
    public async Task Publish(IResource resource, CancellationToken cancellationToken)
    {
        var urls = await UrlsOf(resource, cancellationToken);
        if (urls.Count == 0)
        {
            return;
        }

        await notifications.PublishUpdateAsync(
            resource,
            snapshot =>
                snapshot with
                {
                    Urls =
                    [
                        .. urls.Select(url => new UrlSnapshot(
                            url.Endpoint?.EndpointName,
                            url.Url,
                            url.DisplayLocation == UrlDisplayLocation.DetailsOnly
                        )
                        {
                            IsInactive =
                                ResourceInstances.RunsAsProcess(resource)
                                && snapshot.State?.Text != KnownResourceStates.Running,
                            DisplayProperties = new(url.DisplayText ?? "", url.DisplayOrder ?? 0),
                        }),
                    ],
                }
        );
    }

    private async Task<List<ResourceUrlAnnotation>> UrlsOf(IResource resource, CancellationToken cancellationToken)
    {
        var log = logs.GetLogger(resource);
        var endpoints = resource is IResourceWithEndpoints owner ? owner.GetEndpoints() : [];
        List<ResourceUrlAnnotation> urls =
        [
            .. endpoints
                .Where(endpoint => endpoint.IsAllocated)
                .Select(endpoint => new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint }),
            .. resource.Annotations.OfType<ResourceUrlAnnotation>(),
        ];
        var callbackContext = new ResourceUrlsCallbackContext(context, resource, urls, cancellationToken)
        {
            Logger = log,
        };
        foreach (var annotation in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>().ToList())
        {
            try
            {
                await annotation.Callback(callbackContext);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogError(exception, "The URLs of '{Resource}' cannot be changed.", resource.Name);
            }
        }

        foreach (var url in urls)
        {
            if (url.Url.StartsWith('/') && url.Endpoint is { IsAllocated: true } endpoint)
            {
                url.Url = endpoint.Url + url.Url;
            }
        }

        return urls;
    }
}
