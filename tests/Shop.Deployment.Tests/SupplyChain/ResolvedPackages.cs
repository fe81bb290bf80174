using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Shop.Deployment.Tests.SupplyChain;

/// <summary>A package that NuGet resolved for a project, and the folder that it lies in.</summary>
internal sealed record ResolvedPackage(string Name, string Version, string Folder)
{
    /// <summary>The hash that a lock file has of it.</summary>
    public string ContentHash
    {
        get
        {
            using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, ".nupkg.metadata")));
            return metadata.RootElement.GetProperty("contentHash").GetString()!;
        }
    }

    /// <summary>Its SPDX expression, or null when it has none.</summary>
    public string? Licence =>
        XDocument
            .Load(Directory.EnumerateFiles(Folder, "*.nuspec").Single())
            .Descendants()
            .FirstOrDefault(element =>
                element.Name.LocalName == "license" && (string?)element.Attribute("type") == "expression"
            )
            ?.Value;
}

/// <summary>What the last restore of a project resolved.</summary>
internal static partial class ResolvedPackages
{
    /// <summary>The project files of the solution, relative to the repository's root.</summary>
    public static IEnumerable<string> Projects =>
        ProjectLine()
            .Matches(File.ReadAllText(Repository.PathOf("Shop.sln")))
            .Select(match => match.Groups[1].Value.Replace('\\', '/'));

    public static IReadOnlyList<ResolvedPackage> Of(string project)
    {
        var assets = Repository.PathOf(Path.GetDirectoryName(project)!, "obj", "project.assets.json");
        Assert.True(File.Exists(assets), $"{project} is not restored: run 'dotnet build' first.");
        using var file = JsonDocument.Parse(File.ReadAllText(assets));
        var folders = file
            .RootElement.GetProperty("packageFolders")
            .EnumerateObject()
            .Select(folder => folder.Name)
            .ToArray();
        return
        [
            .. file
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package")
                .Select(library => (Id: library.Name.Split('/'), Path: library.Value.GetProperty("path").GetString()!))
                .Select(library => new ResolvedPackage(
                    library.Id[0],
                    library.Id[1],
                    folders.Select(folder => Path.Combine(folder, library.Path)).First(Directory.Exists)
                )),
        ];
    }

    [GeneratedRegex("""^Project\(.*?\) = ".*?", "(.*?\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();
}
