using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>
/// The documentation comments of types and members, as plain text. They lie beside each assembly; where they do not, nothing
/// is documented. (The framework's own generator sees only the project that calls AddOpenApi, which is this one.)
/// </summary>
internal static partial class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = new();

    /// <summary>What an endpoint's handler says, else the class that is its use case.</summary>
    public static string? Of(MethodInfo handler) =>
        handler.DeclaringType is not { } type
            ? null
            : WithoutRoute(Text(Find(type.Assembly, MethodKey(handler))?.Element("summary")))
                ?? WithoutRoute(Text(Find(type.Assembly, "T:" + Key(type))?.Element("summary")));

    /// <summary>What an endpoint's handler says of a parameter.</summary>
    public static string? Of(MethodInfo handler, string parameter) =>
        handler.DeclaringType is { } type
            ? Text(
                Find(type.Assembly, MethodKey(handler))
                    ?.Elements("param")
                    .FirstOrDefault(one => one.Attribute("name")?.Value == parameter)
            )
            : null;

    /// <summary>What a property says, or the parameter of the record that it comes from.</summary>
    public static string? Of(PropertyInfo property) =>
        property.DeclaringType is not { } type
            ? null
            : Text(Find(type.Assembly, $"P:{Key(type)}.{property.Name}")?.Element("summary"))
                ?? Text(
                    Find(type.Assembly, "T:" + Key(type))
                        ?.Elements("param")
                        .FirstOrDefault(parameter => parameter.Attribute("name")?.Value == property.Name)
                );

    /// <summary>What a type says.</summary>
    public static string? Of(Type type) => Text(Find(type.Assembly, "T:" + Key(type))?.Element("summary"));

    private static XElement? Find(Assembly assembly, string key) =>
        Files.GetOrAdd(assembly, Read).GetValueOrDefault(key);

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        // The framework's have none beside them, and thousands of members if they had.
        return path.Length == 0 || !File.Exists(path)
            ? []
            : XDocument
                .Load(path)
                .Descendants("member")
                // A method is found by its name alone: handlers have no overloads.
                .GroupBy(member => (member.Attribute("name")?.Value ?? "").Split('(')[0])
                .ToDictionary(members => members.Key, members => members.First());
    }

    private static string Key(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string MethodKey(MethodInfo method) => $"M:{Key(method.DeclaringType!)}.{method.Name}";

    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }

        var text = string.Concat(element.Nodes().Select(node => node is XElement inner ? Inner(inner) : $"{node}"));
        return Blank().Replace(text, " ").Trim() is { Length: > 0 } said ? said : null;
    }

    private static string Inner(XElement element) =>
        element.Name.LocalName switch
        {
            "c" or "paramref" => $"`{(element.Attribute("name")?.Value ?? element.Value)}`",
            "see" => element.Attribute("langword")?.Value
                ?? (element.Attribute("cref")?.Value.Split('.', ':')[^1] is { } name ? $"`{name}`" : element.Value),
            _ => element.Value,
        };

    // "`GET /api/things`: all of them." as "All of them."
    private static string? WithoutRoute(string? text)
    {
        var rest = text is null ? "" : Route().Replace(text, "").Trim();
        return rest.Trim('.').Length == 0 ? null : char.ToUpperInvariant(rest[0]) + rest[1..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex("^(Query: |Use case: )?(`(GET|POST|PUT|PATCH|DELETE) [^`]*`)?[:;,]?")]
    private static partial Regex Route();
}
