using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;

namespace Aspire.Hosting.Dashboard;

/// <summary>The named facts about a resource, with the labels and the order in which the dashboard lists them.</summary>
internal static class WireProperties
{
    private const string ConnectionString = "resource.connectionString";

    // What is not listed here is shown under its own name, and only when all facts are asked for.
    private static readonly Dictionary<(string Type, string Name), (string Label, int Order)> Known = new()
    {
        [("Project", "project.path")] = ("Project path", 0),
        [("Project", "project.launchProfile")] = ("Launch profile", 1),
        [("Project", "executable.pid")] = ("Process ID", 2),
        [("Executable", "executable.path")] = ("Executable path", 0),
        [("Executable", "executable.workDir")] = ("Working directory", 1),
        [("Executable", "executable.args")] = ("Executable arguments", 2),
        [("Executable", "executable.pid")] = ("Process ID", 3),
    };

    /// <summary>The facts that every resource has, and its own.</summary>
    public static IEnumerable<Wire.ResourceProperty> From(ResourceEvent resource, Wire.Resource wire)
    {
        var snapshot = resource.Snapshot;
        yield return Common("uid", wire.Uid);
        yield return Common("name", wire.Name);
        yield return Common("type", wire.ResourceType);
        yield return Common("displayName", wire.DisplayName);
        yield return Common("state", snapshot.State?.Text);
        yield return Common("exitCode", snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture));
        yield return Common("createTime", Time(wire.CreatedAt));
        yield return Common("startTime", Time(wire.StartedAt));
        yield return Common("stopTime", Time(wire.StoppedAt));
        yield return Common("healthState", snapshot.HealthStatus?.ToString());
        foreach (var property in snapshot.Properties)
        {
            yield return Own(snapshot.ResourceType, property);
        }
    }

    private static Wire.ResourceProperty Common(string name, string? value) =>
        new() { Name = $"resource.{name}", Value = ToValue(value) };

    private static Wire.ResourceProperty Own(string type, ResourcePropertySnapshot property)
    {
        var wire = new Wire.ResourceProperty
        {
            Name = property.Name,
            Value = ToValue(property.Value),
            // A connection string may hold a password, whoever published it.
            IsSensitive = property.IsSensitive || property.Name == ConnectionString,
        };
        if (Known.TryGetValue((type, property.Name), out var known))
        {
            (wire.DisplayName, wire.SortOrder) = known;
            wire.IsHighlighted = true;
        }

        return wire;
    }

    private static string? Time(Timestamp? time) => time?.ToDateTime().ToString("O", CultureInfo.InvariantCulture);

    private static Value ToValue(object? value) =>
        value switch
        {
            null => Value.ForNull(),
            string text => Value.ForString(text),
            bool flag => Value.ForBool(flag),
            int number => Value.ForNumber(number),
            IEnumerable<KeyValuePair<string, string>> map => Value.ForStruct(ToStruct(map)),
            IEnumerable<string> list => Value.ForList([.. list.Select(Value.ForString)]),
            IEnumerable<int> list => Value.ForList([.. list.Select(item => Value.ForNumber(item))]),
            _ => Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
        };

    private static Struct ToStruct(IEnumerable<KeyValuePair<string, string>> map)
    {
        var wire = new Struct();
        foreach (var (key, value) in map)
        {
            wire.Fields[key] = ToValue(value);
        }

        return wire;
    }
}
