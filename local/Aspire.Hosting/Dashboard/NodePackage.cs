using System.Text.Json;

namespace Aspire.Hosting.Dashboard;

/// <summary>Reads what npm installed.</summary>
internal static class NodePackage
{
    /// <summary>The version in a package's <c>package.json</c>.</summary>
    /// <param name="folder">The package's folder.</param>
    /// <exception cref="DistributedApplicationException">The folder holds no whole package.</exception>
    public static string ReadVersion(string folder)
    {
        var file = Path.Combine(folder, "package.json");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return json.RootElement.GetProperty("version").GetString()!;
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException)
        {
            throw new DistributedApplicationException(
                $"'{file}' cannot be read; run 'npm ci --prefix local' in the repository.",
                e
            );
        }
    }
}
