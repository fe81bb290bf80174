using System.Reflection;
using System.Xml.Linq;

namespace Shop.Architecture.Tests;

/// <summary>The repository's files, as they lie on disk.</summary>
internal static class Repository
{
    /// <summary>The folders of what runs in production; <c>local/</c>, tests and tools are not among them.</summary>
    private static readonly string[] Production =
    [
        "Shop.AppHost",
        "Shop.ServiceDefaults",
        "Shop.Messaging",
        "Shop.Gateway",
        "services",
    ];

    public static string Root { get; } =
        typeof(Repository)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Root")
            .Value!;

    public static IEnumerable<ProjectFile> ProductionProjects() => ProductionFiles("*.csproj").Select(ProjectFile.Read);

    public static IEnumerable<SourceFile> ProductionSources() =>
        ProductionFiles("*.cs").Select(path => new SourceFile(Relative(path), File.ReadAllText(path)));

    /// <summary>With forward slashes, as in error messages and in version control.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> ProductionFiles(string pattern) =>
        Production
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            )
            .Where(path => !Relative(path).Split('/').Any(folder => folder is "bin" or "obj"));
}

internal sealed record SourceFile(string Path, string Text);

internal sealed record ProjectFile(string Path, string Text, IReadOnlyList<string> References)
{
    public bool IsModule =>
        Path.StartsWith("services/", StringComparison.Ordinal)
        // The one process that is allowed to know all of them.
        && !Path.StartsWith("services/Shop.Monolith/", StringComparison.Ordinal);

    public static ProjectFile Read(string path)
    {
        var text = File.ReadAllText(path);
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var references = XDocument
            .Parse(text)
            .Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value)
            .Select(include => System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, include)))
            .Select(Repository.Relative)
            .ToArray();
        return new ProjectFile(Repository.Relative(path), text, references);
    }
}
