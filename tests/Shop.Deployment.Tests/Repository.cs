using System.Reflection;

namespace Shop.Deployment.Tests;

/// <summary>The files of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } =
        typeof(Repository)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == "ShopRoot")
            .Value!;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
}
