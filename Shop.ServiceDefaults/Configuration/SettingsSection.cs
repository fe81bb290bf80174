using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Shop.ServiceDefaults.Configuration;

/// <summary>An options class and the section that it is bound to.</summary>
internal sealed record SettingsSection(string Name, Type Options)
{
    /// <summary>What configuration can set: a property with a setter, or a collection that is filled.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type options) =>
        options
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite || ElementOf(property.PropertyType) is not null);

    /// <summary>Whether a value has settings of its own.</summary>
    public static bool IsGroup(Type type) =>
        type.IsClass && type.Namespace?.StartsWith("Shop.", StringComparison.Ordinal) == true;

    /// <summary>The type of a collection's elements; null for all else.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? type.GenericTypeArguments[0]
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) ? type.GenericTypeArguments[1]
        : null;

    /// <summary>A sentence for each value that is not of its setting's type; it leaves the value out.</summary>
    public IEnumerable<string> Unreadable(IConfiguration configuration) =>
        Unreadable(Options, configuration.GetSection(Name));

    private static IEnumerable<string> Unreadable(Type type, IConfigurationSection section) =>
        ElementOf(type) is { } element ? section.GetChildren().SelectMany(child => Unreadable(element, child))
        : IsGroup(type)
            ? PropertiesOf(type)
                .SelectMany(property => Unreadable(property.PropertyType, section.GetSection(property.Name)))
        : section.Value is { Length: > 0 } text && !IsReadable(type, text) ? [$"{section.Path} must be {Form(type)}."]
        : [];

    private static bool IsReadable(Type type, string text)
    {
        try
        {
            return type == typeof(string) || TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) != null;
        }
        // What a converter throws differs from type to type.
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    private static string Form(Type type) =>
        type == typeof(TimeSpan) ? "a time as hours:minutes:seconds, such as 00:00:30"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type))
        : "of another form";
}
