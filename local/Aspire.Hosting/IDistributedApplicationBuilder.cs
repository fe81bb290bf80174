using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Describes an application of several resources.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>The configuration.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The AppHost's folder.</summary>
    string AppHostDirectory { get; }

    /// <summary>The AppHost's assembly.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>The environment.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>What is done with the application.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>Tells what happens.</summary>
    IDistributedApplicationEventing Eventing { get; }

    /// <summary>The resources.</summary>
    IResourceCollection Resources { get; }

    /// <summary>Adds a resource.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="resource">The resource.</param>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Describes a resource that is already added.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="resource">The resource.</param>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>The application, ready to be started.</summary>
    DistributedApplication Build();
}

/// <summary>Finds resources that are already added.</summary>
public static class DistributedApplicationBuilderExtensions
{
    /// <summary>Describes a resource that is already added.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    public static IResourceBuilder<T> CreateResourceBuilder<T>(this IDistributedApplicationBuilder builder, string name)
        where T : IResource
    {
        if (!builder.Resources.TryGetByName(name, out var resource))
        {
            throw new InvalidOperationException($"Resource '{name}' was not found.");
        }

        return resource is T typed
            ? builder.CreateResourceBuilder(typed)
            : throw new InvalidOperationException(
                $"Resource '{name}' of type '{resource.GetType()}' is not assignable to requested type '{typeof(T).Name}'."
            );
    }

    /// <summary>Describes a resource if it is already added.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="resourceBuilder">The resource, when found.</param>
    public static bool TryCreateResourceBuilder<T>(
        this IDistributedApplicationBuilder builder,
        string name,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IResourceBuilder<T>? resourceBuilder
    )
        where T : IResource
    {
        resourceBuilder =
            builder.Resources.TryGetByName(name, out var resource) && resource is T typed
                ? builder.CreateResourceBuilder(typed)
                : null;
        return resourceBuilder is not null;
    }
}
