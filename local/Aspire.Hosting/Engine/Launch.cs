using System.Globalization;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>What is started for an instance: a program, its arguments, its folder and its variables.</summary>
internal sealed record Launch(
    string Program,
    string Folder,
    IReadOnlyList<LaunchArgument> Arguments,
    int OwnArgumentsStart,
    IReadOnlyList<DcpVariable> Variables
);

/// <param name="Value">The argument.</param>
/// <param name="IsSensitive">Whether it must not be shown.</param>
internal sealed record LaunchArgument(string Value, bool IsSensitive);

/// <summary>Works out what is started for a resource, from what was said about it.</summary>
internal sealed class LaunchPlanner(DistributedApplicationExecutionContext context)
{
    public async Task<Launch> Plan(IResource resource, ILogger log, CancellationToken cancellationToken)
    {
        var (program, folder, before) = ProgramOf(resource);
        var own = await Arguments(resource, log, cancellationToken);
        if (own.Count == 0 && ProfileArguments(resource) is { } given)
        {
            own = [.. CommandLine.Split(given).Select(text => new LaunchArgument(text, false))];
        }

        return new Launch(
            FindProgram(resource, program, folder),
            folder,
            [.. before.Select(text => new LaunchArgument(text, false)), .. own],
            before.Count,
            await Variables(resource, log, cancellationToken)
        );
    }

    private static (string Program, string Folder, IReadOnlyList<string> Arguments) ProgramOf(IResource resource)
    {
        if (resource is ExecutableResource executable)
        {
            return (executable.Command, executable.WorkingDirectory, []);
        }

        var project = ((ProjectResource)resource).Metadata;
        var folder = Path.GetDirectoryName(project.ProjectPath)!;
        if (project is IBuiltProject built)
        {
            return File.Exists(built.AssemblyPath)
                ? (DotNet(), folder, [built.AssemblyPath])
                : throw new DistributedApplicationException(
                    $"Project '{project.ProjectPath}' is not built ('{built.AssemblyPath}' is missing); build the AppHost."
                );
        }

        return (DotNet(), folder, ["run", "--project", project.ProjectPath, "--no-launch-profile", "--"]);
    }

    // The one that runs the AppHost, whether or not it is on the PATH.
    private static string DotNet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var path = Path.Combine(root, name);
        return File.Exists(path) ? path : name;
    }

    private static string? ProfileArguments(IResource resource) =>
        resource.TryGetLastAnnotation<EffectiveLaunchProfileAnnotation>(out var profile)
            ? profile.Profile.CommandLineArgs
            : null;

    private static string FindProgram(IResource resource, string program, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DistributedApplicationException(
                $"The folder '{folder}' that resource '{resource.Name}' runs in does not exist; create it or correct the resource's working directory."
            );
        }

        if (program.Contains(Path.DirectorySeparatorChar) || program.Contains('/'))
        {
            var path = Path.GetFullPath(program, folder);
            return File.Exists(path)
                ? path
                : throw new DistributedApplicationException(
                    $"The program '{path}' of resource '{resource.Name}' does not exist; install it or correct the resource's command."
                );
        }

        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd", ".bat"] : [""];
        var isThere = places.Any(place => endings.Any(ending => File.Exists(Path.Combine(place, program + ending))));
        return isThere
            ? program
            : throw new DistributedApplicationException(
                $"The program '{program}' of resource '{resource.Name}' was not found on the PATH; install it."
            );
    }

    private async Task<List<LaunchArgument>> Arguments(
        IResource resource,
        ILogger log,
        CancellationToken cancellationToken
    )
    {
        var callbackContext = new CommandLineArgsCallbackContext([], resource, cancellationToken)
        {
            ExecutionContext = context,
            Logger = log,
        };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
        {
            await annotation.Callback(callbackContext);
        }

        var arguments = new List<LaunchArgument>();
        foreach (var argument in callbackContext.Args)
        {
            if (await Resolve(resource, argument, cancellationToken) is { } value)
            {
                arguments.Add(new LaunchArgument(value, argument is ParameterResource { Secret: true }));
            }
        }

        return arguments;
    }

    private async Task<List<DcpVariable>> Variables(
        IResource resource,
        ILogger log,
        CancellationToken cancellationToken
    )
    {
        var callbackContext = new EnvironmentCallbackContext(context, resource, cancellationToken: cancellationToken)
        {
            Logger = log,
        };
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
        {
            await annotation.Callback(callbackContext);
        }

        var variables = new List<DcpVariable>();
        foreach (var (name, value) in callbackContext.EnvironmentVariables)
        {
            if (await Resolve(resource, value, cancellationToken) is { } text)
            {
                variables.Add(new DcpVariable(name, text));
            }
        }

        return variables;
    }

    private async Task<string?> Resolve(IResource resource, object? value, CancellationToken cancellationToken) =>
        value switch
        {
            null => null,
            string text => text,
            IValueProvider provider => await provider.GetValueAsync(
                new ValueProviderContext
                {
                    ExecutionContext = context,
                    Caller = resource,
                    Network = KnownNetworkIdentifiers.LocalhostNetwork,
                },
                cancellationToken
            ),
            IResourceBuilder<IResource> builder => await Resolve(resource, builder.Resource, cancellationToken),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new DistributedApplicationException(
                $"Resource '{resource.Name}' has a value of type {value.GetType()}, which cannot be turned into text."
            ),
        };
}

internal static class CommandLine
{
    /// <summary>Splits at spaces, except within double quotes.</summary>
    public static IEnumerable<string> Split(string text)
    {
        var word = new System.Text.StringBuilder();
        var isQuoted = false;
        var isWord = false;
        foreach (var c in text)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
                isWord = true;
            }
            else if (c == ' ' && !isQuoted)
            {
                if (isWord)
                {
                    yield return word.ToString();
                }

                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (isWord)
        {
            yield return word.ToString();
        }
    }
}
