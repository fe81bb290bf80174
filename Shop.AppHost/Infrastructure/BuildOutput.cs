using System.Reflection;

namespace Shop.AppHost.Infrastructure;

/// <summary>What the AppHost's build recorded about itself.</summary>
internal static class BuildOutput
{
    /// <summary>The program that a project was built into, in the AppHost's own configuration.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="project">The project's name.</param>
    public static string Executable(string folder, string project) =>
        Path.Combine(
            folder,
            "bin",
            Metadata("Configuration"),
            $"net{Environment.Version.Major}.0",
            OperatingSystem.IsWindows() ? $"{project}.exe" : project
        );

    /// <summary>An <c>AssemblyMetadata</c> item of the project file.</summary>
    public static string Metadata(string key) =>
        typeof(BuildOutput)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == key)
            .Value!;
}
