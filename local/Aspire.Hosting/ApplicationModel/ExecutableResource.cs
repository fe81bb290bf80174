namespace Aspire.Hosting.ApplicationModel;

/// <summary>What an executable resource runs.</summary>
public sealed class ExecutableAnnotation : IResourceAnnotation
{
    /// <summary>The program: a path or a name found on the PATH.</summary>
    public required string Command { get; set; }

    /// <summary>The folder it runs in.</summary>
    public required string WorkingDirectory { get; set; }
}

/// <summary>A program.</summary>
public class ExecutableResource
    : Resource,
        IResourceWithEnvironment,
        IResourceWithArgs,
        IResourceWithEndpoints,
        IResourceWithWaitSupport,
        IComputeResource
{
    /// <summary>Creates an executable.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">The program: a path or a name found on the PATH.</param>
    /// <param name="workingDirectory">The folder it runs in.</param>
    public ExecutableResource(string name, string command, string workingDirectory)
        : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        Annotations.Add(new ExecutableAnnotation { Command = command, WorkingDirectory = workingDirectory });
    }

    /// <summary>The program: a path or a name found on the PATH.</summary>
    public string Command => Executable.Command;

    /// <summary>The folder it runs in.</summary>
    public string WorkingDirectory => Executable.WorkingDirectory;

    internal ExecutableAnnotation Executable => Annotations.OfType<ExecutableAnnotation>().Last();
}
