using System.Reflection;

namespace Aspire.Hosting;

internal static class AppHost
{
    public static Assembly? FindAssembly(DistributedApplicationOptions options) =>
        options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();

    /// <summary>The folder of the AppHost's project: recorded in its assembly, else where it was started.</summary>
    public static string FindDirectory(DistributedApplicationOptions options, Assembly? assembly)
    {
        var recorded = assembly
            ?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key is "AppHostProjectPath")
            ?.Value;
        var folder = options.ProjectDirectory ?? recorded;
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : Directory.GetCurrentDirectory();
    }
}
