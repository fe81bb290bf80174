namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a resource waits for.</summary>
public enum WaitType
{
    /// <summary>The other runs and is healthy.</summary>
    WaitUntilHealthy = 0,

    /// <summary>The other has ended.</summary>
    WaitForCompletion = 1,

    /// <summary>The other runs.</summary>
    WaitUntilStarted = 2,
}

/// <summary>What happens when the other resource fails.</summary>
public enum WaitBehavior
{
    /// <summary>The wait goes on; somebody may start it again.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>The wait fails.</summary>
    StopOnResourceUnavailable = 1,
}

/// <summary>The resource starts only after another.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="waitType">What it waits for.</param>
/// <param name="exitCode">The exit code that counts as success.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What it waits for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>What happens when the other fails; the default when null.</summary>
    public WaitBehavior? WaitBehavior { get; init; }

    /// <summary>The exit code that counts as success.</summary>
    public int ExitCode { get; } = exitCode;
}
