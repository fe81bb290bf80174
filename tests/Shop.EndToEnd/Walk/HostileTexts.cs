using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shop.EndToEnd.Walk;

/// <summary>Texts that are a program somewhere: in SQL, templates, HTML, a shell, a terminal, a regular expression.</summary>
internal static class HostileTexts
{
    /// <summary>Stands for the half of a character, which no serializer would write.</summary>
    public const string Half = "\uE000";

    /// <summary>What the templates among them come to: no answer may ever show it.</summary>
    public const string Result = "1787569";

    /// <summary>The one that would be run in a page.</summary>
    public const string Script = "<script>alert(1)</script>";

    public static IReadOnlyList<string> All { get; } =
    [
        "Robert'); DROP TABLE orders;--",
        "' OR '1'='1",
        "{{ 1337 * 1337 }} {% raw %}",
        "${1337*1337} <%= 1337*1337 %> @(1337*1337)",
        Script,
        "$(id) `id` | id",
        "a\0b",
        "\u202Edesrever",
        "\x1b[2J",
        "(a+)+$",
        new string('a', 60) + "!",
        Half,
    ];

    /// <summary>Puts half a character into JSON where it is meant.</summary>
    public static string InJson(string json) => json.Replace("\\uE000", "\\ud800", StringComparison.Ordinal);

    /// <summary>The text as a part of an address or a form.</summary>
    public static string Escaped(string text) =>
        Uri.EscapeDataString(text).Replace("%EE%80%80", "%ED%A0%80", StringComparison.Ordinal);

    /// <summary>Puts a text into a body: <c>items, 0, productId</c>.</summary>
    public static void Put(JsonNode node, ReadOnlySpan<string> field, string text)
    {
        if (field.Length > 1)
            Put(node is JsonArray items ? items[int.Parse(field[0], null)]! : node[field[0]]!, field[1..], text);
        else if (node is JsonArray last)
            last[int.Parse(field[0], null)] = text;
        else
            node[field[0]] = text;
    }

    /// <summary>Whether a problem is about the field: <c>items[0].productId</c> for items/0/productId.</summary>
    public static bool AreRefusedBy(JsonElement problem, string field)
    {
        var name = field
            .Split('/')
            .Aggregate((path, part) => int.TryParse(part, out _) ? $"{path}[{part}]" : $"{path}.{part}");
        return problem.TryGetProperty("errors", out var errors)
            && errors.EnumerateObject().Any(error => error.Name == name || error.Name == name.Split('[')[0]);
    }
}
