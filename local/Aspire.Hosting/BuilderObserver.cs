using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Takes part in the building of an application; how tests get hold of an AppHost's.</summary>
internal abstract class BuilderObserver
{
    private static readonly AsyncLocal<BuilderObserver?> CurrentObserver = new();

    /// <summary>The observer of the code that runs now and of what it calls.</summary>
    public static BuilderObserver? Current
    {
        get => CurrentObserver.Value;
        set => CurrentObserver.Value = value;
    }

    /// <summary>A builder is about to be created.</summary>
    public abstract void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    /// <summary>A builder was created.</summary>
    public abstract void OnCreated(DistributedApplicationBuilder builder);

    /// <summary>Build was called; the application is built when this returns.</summary>
    public abstract void OnBuilding(DistributedApplicationBuilder builder);

    /// <summary>The application was built; the result is what the caller of Build gets.</summary>
    public abstract DistributedApplication OnBuilt(DistributedApplication application);
}
