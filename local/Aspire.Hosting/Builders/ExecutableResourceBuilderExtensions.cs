using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds programs to the application.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">The program: a path or a name found on the PATH.</param>
    /// <param name="workingDirectory">The folder it runs in, relative to the AppHost's.</param>
    /// <param name="args">Its arguments.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder,
        string name,
        string command,
        string workingDirectory,
        params string[]? args
    ) => builder.AddExecutable(name, command, workingDirectory, (object[]?)args);

    /// <summary>Adds a program.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">The program: a path or a name found on the PATH.</param>
    /// <param name="workingDirectory">The folder it runs in, relative to the AppHost's.</param>
    /// <param name="args">Its arguments: text, values or resources.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder,
        string name,
        string command,
        string workingDirectory,
        params object[]? args
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        var folder = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        return builder.AddResource(new ExecutableResource(name, command, folder)).WithArgs(args ?? []);
    }

    /// <summary>Changes the program.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="command">The program: a path or a name found on the PATH.</param>
    public static IResourceBuilder<T> WithCommand<T>(this IResourceBuilder<T> builder, string command)
        where T : ExecutableResource
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        builder.Resource.Executable.Command = command;
        return builder;
    }

    /// <summary>Changes the folder that the program runs in.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="workingDirectory">The folder, relative to the AppHost's.</param>
    public static IResourceBuilder<T> WithWorkingDirectory<T>(this IResourceBuilder<T> builder, string workingDirectory)
        where T : ExecutableResource
    {
        ArgumentNullException.ThrowIfNull(workingDirectory);
        builder.Resource.Executable.WorkingDirectory = Path.GetFullPath(
            workingDirectory,
            builder.ApplicationBuilder.AppHostDirectory
        );
        return builder;
    }
}

/// <summary>Reads facts about programs.</summary>
public static class ExecutableResourceExtensions
{
    /// <summary>The programs of an application.</summary>
    /// <param name="model">The resources.</param>
    public static IEnumerable<ExecutableResource> GetExecutableResources(this DistributedApplicationModel model) =>
        model.Resources.OfType<ExecutableResource>();
}
