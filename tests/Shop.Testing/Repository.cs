using System.Reflection;

namespace Shop.Testing;

/// <summary>The files of the repository.</summary>
public static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = Metadata("ShopRoot");

    /// <summary>A file or folder in it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The program that a project was built into, in the configuration of the tests.</summary>
    /// <param name="folder">The project's folder, such as <c>services/Shop.Billing</c>.</param>
    public static string ProgramOf(string folder) =>
        PathOf(
            folder,
            "bin",
            Metadata("Configuration"),
            $"net{Environment.Version.Major}.0",
            Path.GetFileName(folder) + ".dll"
        );

    private static string Metadata(string key) =>
        typeof(Repository)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == key)
            .Value!;
}
