using System.Reflection;

namespace Shop.AppHost.Tests.Observability;

internal static class Repository
{
    public static string Root { get; } =
        typeof(Repository)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == "ShopRoot")
            .Value!;
}
