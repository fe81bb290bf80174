using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>Reads the elements of one description by name, and refuses what it does not know.</summary>
/// <exception cref="ManagementException">Thrown by every method for a value that cannot be used.</exception>
internal sealed class DescriptionReader
{
    private readonly string kind;
    private readonly Dictionary<string, XElement> elements = new(StringComparer.Ordinal);

    public DescriptionReader(XElement description, IReadOnlySet<string> known)
    {
        kind = description.Name.LocalName;
        foreach (var element in description.Elements())
        {
            var name = element.Name.LocalName;
            if (!known.Contains(name))
            {
                throw ManagementException.Invalid(
                    $"'{name}' is not known in a {kind}; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}."
                );
            }

            if (!elements.TryAdd(name, element))
            {
                throw ManagementException.Invalid($"'{name}' is given twice in the {kind}.");
            }
        }
    }

    public XElement? Element(string name) => elements.GetValueOrDefault(name);

    /// <summary>A text; null when it is missing or empty.</summary>
    public string? Text(string name) => Element(name)?.Value is { Length: > 0 } text ? text : null;

    public bool Boolean(string name, bool otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return bool.TryParse(text, out var value) ? value : throw Wrong(name, text, "true or false");
    }

    public long Integer(string name, long otherwise, long least, long most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= most
            ? value
            : throw Wrong(name, text, $"a whole number from {least} to {most}");
    }

    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan least, TimeSpan most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        TimeSpan value;
        try
        {
            value = XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException)
        {
            throw Wrong(name, text, "an ISO 8601 duration such as PT30S");
        }
        catch (OverflowException)
        {
            // The documentation's own "for ever" is larger than a TimeSpan can hold.
            value = TimeSpan.MaxValue;
        }

        return value >= least && value <= most
            ? value
            : throw Wrong(name, text, $"from {XmlConvert.ToString(least)} to {XmlConvert.ToString(most)}");
    }

    public T Choice<T>(string name, T otherwise)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<T>(text, ignoreCase: true)
            : throw Wrong(name, text, $"one of {string.Join(", ", Enum.GetNames<T>())}");
    }

    public ManagementException Wrong(string name, string value, string rule) =>
        ManagementException.Invalid($"'{name}' of the {kind} must be {rule}, not '{value}'.");
}
