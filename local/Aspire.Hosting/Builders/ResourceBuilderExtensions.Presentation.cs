using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Changes the URLs that the dashboard shows.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Changes them, once endpoints have addresses.</param>
    public static IResourceBuilder<T> WithUrls<T>(
        this IResourceBuilder<T> builder,
        Action<ResourceUrlsCallbackContext> callback
    )
        where T : IResource => builder.WithAnnotation(new ResourceUrlsCallbackAnnotation(callback));

    /// <summary>Changes the URLs that the dashboard shows.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Changes them, once endpoints have addresses.</param>
    public static IResourceBuilder<T> WithUrls<T>(
        this IResourceBuilder<T> builder,
        Func<ResourceUrlsCallbackContext, Task> callback
    )
        where T : IResource => builder.WithAnnotation(new ResourceUrlsCallbackAnnotation(callback));

    /// <summary>Adds a URL to those that the dashboard shows; a path is added to all of them instead.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The URL.</param>
    /// <param name="displayText">The text that is shown instead.</param>
    public static IResourceBuilder<T> WithUrl<T>(
        this IResourceBuilder<T> builder,
        string url,
        string? displayText = null
    )
        where T : IResource
    {
        if (Uri.TryCreate(url, UriKind.Absolute, out _) && !url.StartsWith('/'))
        {
            return builder.WithAnnotation(new ResourceUrlAnnotation { Url = url, DisplayText = displayText });
        }

        return builder.WithUrls(context =>
        {
            foreach (var known in context.Urls)
            {
                known.Url = new Uri(new Uri(known.Url), url).ToString();
                known.DisplayText = displayText ?? known.DisplayText;
            }
        });
    }

    /// <summary>Adds a URL with values of other resources.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The interpolated string.</param>
    /// <param name="displayText">The text that is shown instead.</param>
    public static IResourceBuilder<T> WithUrl<T>(
        this IResourceBuilder<T> builder,
        in ReferenceExpression.ExpressionInterpolatedStringHandler url,
        string? displayText = null
    )
        where T : IResource => builder.WithUrl(url.Build(), displayText);

    /// <summary>Adds a URL with values of other resources.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The expression.</param>
    /// <param name="displayText">The text that is shown instead.</param>
    public static IResourceBuilder<T> WithUrl<T>(
        this IResourceBuilder<T> builder,
        ReferenceExpression url,
        string? displayText = null
    )
        where T : IResource =>
        builder.WithUrls(async context =>
        {
            if (await url.GetValueAsync(context.CancellationToken) is { Length: > 0 } value)
            {
                context.Urls.Add(
                    new ResourceUrlAnnotation
                    {
                        Url = value,
                        DisplayText = displayText,
                        Endpoint = url.ValueProviders.OfType<EndpointReference>().FirstOrDefault(),
                    }
                );
            }
        });

    /// <summary>Changes the URL of an endpoint.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="callback">Changes the URL.</param>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Action<ResourceUrlAnnotation> callback
    )
        where T : IResource =>
        builder.WithUrls(context =>
        {
            var url = context.Urls.FirstOrDefault(u => u.Endpoint?.EndpointName == endpointName);
            if (url is null)
            {
                WarnMissing(context, endpointName);
            }
            else
            {
                callback(url);
            }
        });

    /// <summary>Adds a URL for an endpoint.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="callback">Creates the URL.</param>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Func<EndpointReference, ResourceUrlAnnotation> callback
    )
        where T : IResourceWithEndpoints =>
        builder.WithUrls(context =>
        {
            if (context.GetEndpoint(endpointName) is { } endpoint)
            {
                context.Urls.Add(callback(endpoint).With(endpoint));
            }
            else
            {
                WarnMissing(context, endpointName);
            }
        });

    /// <summary>Shows an icon in the dashboard.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="iconName">The icon's name in Fluent UI.</param>
    /// <param name="iconVariant">Its variant.</param>
    public static IResourceBuilder<T> WithIconName<T>(
        this IResourceBuilder<T> builder,
        string iconName,
        IconVariant iconVariant = IconVariant.Filled
    )
        where T : IResource =>
        builder.WithAnnotation(
            new ResourceIconAnnotation(iconName, iconVariant),
            ResourceAnnotationMutationBehavior.Replace
        );

    /// <summary>Leaves the resource out of the dashboard.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    public static IResourceBuilder<T> WithHidden<T>(this IResourceBuilder<T> builder)
        where T : IResource => builder.WithAnnotation(new HiddenAnnotation());

    /// <summary>Leaves the resource out of what is deployed.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    public static IResourceBuilder<T> ExcludeFromManifest<T>(this IResourceBuilder<T> builder)
        where T : IResource => builder.WithAnnotation(new ExcludedFromManifestAnnotation());

    /// <summary>Starts the resource by command only.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder)
        where T : IResource => builder.WithAnnotation(new ExplicitStartupAnnotation());

    /// <summary>Adds a command.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="displayName">The name that is shown.</param>
    /// <param name="executeCommand">Executes it.</param>
    /// <param name="commandOptions">How it looks and when it can be executed.</param>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null
    )
        where T : IResource
    {
        var options = commandOptions ?? new CommandOptions();
        foreach (
            var old in builder
                .Resource.Annotations.OfType<ResourceCommandAnnotation>()
                .Where(command => command.Name == name)
                .ToList()
        )
        {
            builder.Resource.Annotations.Remove(old);
        }

        return builder.WithAnnotation(
            new ResourceCommandAnnotation(
                name,
                displayName,
                options.UpdateState ?? (static _ => ResourceCommandState.Enabled),
                executeCommand,
                options.Description,
                parameter: null,
                options.ConfirmationMessage,
                options.IconName,
                options.IconVariant,
                options.IsHighlighted
            )
            {
                Visibility = options.Visibility,
            }
        );
    }

    private static void WarnMissing(ResourceUrlsCallbackContext context, string endpointName) =>
        context.Logger.LogWarning(
            "The URL of endpoint '{Endpoint}' cannot be changed: resource '{Resource}' has no such endpoint.",
            endpointName,
            context.Resource.Name
        );
}

/// <summary>States that resources give themselves.</summary>
public static class CustomResourceExtensions
{
    /// <summary>Sets the state that the resource shows before it starts.</summary>
    /// <typeparam name="TResource">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="initialSnapshot">The state.</param>
    public static IResourceBuilder<TResource> WithInitialState<TResource>(
        this IResourceBuilder<TResource> builder,
        CustomResourceSnapshot initialSnapshot
    )
        where TResource : IResource =>
        builder.WithAnnotation(
            new ResourceSnapshotAnnotation(initialSnapshot),
            ResourceAnnotationMutationBehavior.Replace
        );
}
