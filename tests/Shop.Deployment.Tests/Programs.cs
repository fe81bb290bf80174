namespace Shop.Deployment.Tests;

/// <summary>What is deployed: the services, the gateway and the monolith.</summary>
internal static class Programs
{
    /// <summary>Relative to the root of the repository, such as <c>services/Shop.Ordering/Shop.Ordering.csproj</c>.</summary>
    public static IReadOnlyList<string> ProjectFiles { get; } =
    [
        .. Directory
            .EnumerateDirectories(Repository.PathOf("services"))
            .Select(folder => $"services/{Path.GetFileName(folder)}/{Path.GetFileName(folder)}.csproj")
            .Where(file => File.Exists(Repository.PathOf(file)))
            .Append("Shop.Gateway/Shop.Gateway.csproj")
            .Order(StringComparer.Ordinal),
    ];
}
