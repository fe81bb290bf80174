using System.Text.Json;
using System.Text.RegularExpressions;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>A service as the AppHost publishes it: what an overlay is compared with.</summary>
/// <param name="Name">The name that others find it by.</param>
/// <param name="Endpoints">The names of its endpoints, and whether one speaks HTTP/2 only.</param>
/// <param name="IsExternal">It may be reached from outside.</param>
/// <param name="Variables">The names of its environment variables.</param>
internal sealed partial record AppHostService(
    string Name,
    IReadOnlyDictionary<string, bool> Endpoints,
    bool IsExternal,
    IReadOnlySet<string> Variables
)
{
    private const string ConnectionPrefix = "ConnectionStrings__";

    /// <summary>The endpoints that it calls.</summary>
    public IEnumerable<(string Service, string Endpoint)> Calls =>
        Variables
            .Select(name => Discovery().Match(name))
            .Where(match => match.Success)
            .Select(match => (match.Groups["service"].Value, match.Groups["endpoint"].Value));

    /// <summary>The names of its connection strings.</summary>
    public IEnumerable<string> Connections =>
        Variables
            .Where(name => name.StartsWith(ConnectionPrefix, StringComparison.Ordinal))
            .Select(name => name[ConnectionPrefix.Length..]);

    /// <summary>The servers that it connects to: every database is one of PostgreSQL.</summary>
    public IReadOnlySet<string> Servers =>
        Connections.Select(name => name.EndsWith("db", StringComparison.Ordinal) ? "postgres" : name).ToHashSet();

    /// <summary>It has a database of its own name.</summary>
    public bool HasDatabase => Connections.Contains($"{Name}db");

    /// <summary>It has a queue of its own name.</summary>
    public bool HasQueue => Connections.Contains("messaging");

    public static IReadOnlyList<AppHostService> In(PublishedManifest manifest) =>
        [.. manifest.ResourcesOf("project.v0").Select(Read)];

    private static AppHostService Read(JsonProperty resource)
    {
        // TLS ends in front of the services.
        var bindings = resource
            .Value.GetProperty("bindings")
            .EnumerateObject()
            .Where(one => one.Name != "https")
            .ToList();
        return new(
            resource.Name,
            bindings.ToDictionary(one => one.Name, one => one.Value.GetProperty("transport").GetString() == "http2"),
            bindings.Any(one => one.Value.TryGetProperty("external", out var external) && external.GetBoolean()),
            resource
                .Value.GetProperty("env")
                .EnumerateObject()
                .Select(variable => variable.Name)
                // What Aspire writes for programs that don't know .NET's names.
                .Where(name => !PlainDiscovery().IsMatch(name))
                // As above: no service is called with TLS.
                .Where(name => Discovery().Match(name).Groups["endpoint"].Value != "https")
                .ToHashSet()
        );
    }

    [GeneratedRegex("^services__(?<service>[a-z]+)__(?<endpoint>[a-z]+)__0$")]
    private static partial Regex Discovery();

    [GeneratedRegex("^[A-Z]+_(HTTPS?|GRPC)$")]
    private static partial Regex PlainDiscovery();
}
