using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace Aspire.Hosting.Engine;

/// <summary>The programs behind resources.</summary>
internal static class Programs
{
    public static (string Program, string Folder, IReadOnlyList<string> Arguments) Of(IResource resource)
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

    public static string Find(IResource resource, string program, string folder)
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
}
