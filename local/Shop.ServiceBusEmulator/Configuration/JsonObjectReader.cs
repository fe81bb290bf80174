using System.Globalization;
using System.Text.Json;
using System.Xml;

namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>Reads the members of one JSON object by name, and refuses what it does not know.</summary>
internal sealed class JsonObjectReader
{
    private readonly string file;
    private readonly JsonElementAt element;
    private readonly Dictionary<string, JsonElementAt> members = new(StringComparer.OrdinalIgnoreCase);

    public JsonObjectReader(string file, JsonElementAt element, string what)
    {
        this.file = file;
        this.element = element;
        if (element.Type != JsonTokenType.StartObject)
        {
            throw Error(element.Line, $"{what} must be an object {{ ... }}.");
        }

        foreach (var (name, value) in element.Members)
        {
            if (!members.TryAdd(name, value))
            {
                throw Error(value.Line, $"'{name}' is given twice.");
            }
        }
    }

    public int Line => element.Line;

    public ConfigurationFileException Error(int line, string reason) => new(file, line, reason);

    /// <summary>Refuses members that are none of the given ones: most likely a typing mistake.</summary>
    public JsonObjectReader Only(params IEnumerable<string> known)
    {
        var names = known.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in element.Members)
        {
            if (!names.Contains(name))
            {
                throw Error(value.Line, $"'{name}' is not known here; known are {string.Join(", ", names)}.");
            }
        }

        return this;
    }

    public JsonElementAt? Find(string name) =>
        members.TryGetValue(name, out var value) && value.Type != JsonTokenType.Null ? value : null;

    public JsonObjectReader? Object(string name) =>
        Find(name) is { } value ? new JsonObjectReader(file, value, $"'{name}'") : null;

    public IEnumerable<JsonObjectReader> Objects(string name)
    {
        if (Find(name) is not { } array)
        {
            return [];
        }

        return array.Type == JsonTokenType.StartArray
            ? array.Items.Select(item => new JsonObjectReader(file, item, $"Each of '{name}'"))
            : throw Error(array.Line, $"'{name}' must be a list [ ... ].");
    }

    public IEnumerable<(string Name, JsonElementAt Value)> Members => element.Members;

    /// <summary>A text; null when it is missing or empty.</summary>
    public string? String(string name)
    {
        var value = Find(name);
        return value is { Type: not JsonTokenType.String }
                ? throw Error(value.Line, $"'{name}' must be a text in quotes.")
            : string.IsNullOrEmpty(value?.Text) ? null
            : value.Text;
    }

    public string RequiredString(string name) =>
        String(name) ?? throw Error(Find(name)?.Line ?? Line, $"'{name}' is missing or empty.");

    public bool Boolean(string name, bool otherwise) =>
        Find(name) is not { } value ? otherwise
        : bool.TryParse(value.Text, out var parsed) ? parsed
        : throw Error(value.Line, $"'{name}' must be true or false.");

    public int PositiveInteger(string name, int otherwise, int maximum = int.MaxValue) =>
        Find(name) is not { } value ? otherwise
        : int.TryParse(value.Text, CultureInfo.InvariantCulture, out var parsed) && parsed > 0 && parsed <= maximum
            ? parsed
        : throw Error(
            value.Line,
            maximum == int.MaxValue
                ? $"'{name}' must be a whole number above 0."
                : $"'{name}' must be a whole number from 1 to {maximum}, not {value.Text}."
        );

    /// <summary>The object's name, which must follow a rule.</summary>
    public string Name(string what, Func<string, bool> isValid, string rule)
    {
        var name = RequiredString("Name");
        return isValid(name) ? name : throw Error(Find("Name")!.Line, $"'{name}' is not {what}: {rule}.");
    }

    /// <summary>An ISO 8601 duration such as PT30S, above zero and at most a limit.</summary>
    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan maximum)
    {
        if (Find(name) is not { } value)
        {
            return otherwise;
        }

        TimeSpan parsed;
        try
        {
            parsed = XmlConvert.ToTimeSpan(value.Text ?? "");
        }
        catch (FormatException)
        {
            throw Error(value.Line, $"'{name}' must be an ISO 8601 duration such as \"PT30S\", not \"{value.Text}\".");
        }
        catch (OverflowException)
        {
            // The documentation's own "for ever" is larger than a TimeSpan can hold.
            parsed = TimeSpan.MaxValue;
        }

        return parsed > TimeSpan.Zero && parsed <= maximum
            ? parsed
            : throw Error(
                value.Line,
                $"'{name}' must be above zero and at most {XmlConvert.ToString(maximum)}, not \"{value.Text}\"."
            );
    }
}
