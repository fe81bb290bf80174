namespace Shop.AppHost.Infrastructure.Azure;

/// <summary>
/// What <c>postgres.bicep</c> and the step that makes the databases (<c>deploy/azure/Shop.AzureDatabases</c>) agree on.
/// </summary>
internal static class PostgresServer
{
    /// <summary>The administrator's login. No service uses it.</summary>
    public const string Admin = "shopadmin";

    /// <summary>
    /// Connections of a pool. Payments has two pools, every other service with a database has one. With three replicas of each
    /// they stay below the 414 that the server leaves to logins.
    /// </summary>
    public const string PoolSize = "13";

    private static readonly Dictionary<string, string[]> s_extensions = new()
    {
        ["searchdb"] = ["pg_trgm", "unaccent"],
    };

    /// <summary>The extensions of all databases, which a parameter of the server has to allow.</summary>
    public static IEnumerable<string> Extensions => s_extensions.Values.SelectMany(extensions => extensions).Distinct();

    /// <summary>The extensions of one database.</summary>
    public static IReadOnlyList<string> ExtensionsOf(string database) => s_extensions.GetValueOrDefault(database) ?? [];
}
