using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Configuration;

/// <summary>Applies the validation attributes of an options class and of the classes in it, under the settings' full names.</summary>
internal sealed class SettingsValidator<TOptions>(string section, IServiceProvider services)
    : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        Errors(options, section).ToList() is { Count: > 0 } errors
            ? ValidateOptionsResult.Fail(errors)
            : ValidateOptionsResult.Success;

    private IEnumerable<string> Errors(object options, string path) =>
        SettingsSection
            .PropertiesOf(options.GetType())
            .SelectMany(property =>
            {
                var value = property.GetValue(options);
                var key = $"{path}:{property.Name}";
                return Broken(options, property, value, key).Concat(Nested(value, key));
            });

    private IEnumerable<string> Broken(object options, PropertyInfo property, object? value, string key)
    {
        var context = new ValidationContext(options, services, items: null)
        {
            MemberName = property.Name,
            DisplayName = key,
        };
        return property
            .GetCustomAttributes<ValidationAttribute>()
            .Select(rule => rule.GetValidationResult(value, context)?.ErrorMessage)
            .OfType<string>();
    }

    private IEnumerable<string> Nested(object? value, string key) =>
        value switch
        {
            null => [],
            IDictionary entries => entries
                .Keys.Cast<string>()
                .SelectMany(name => Nested(entries[name], $"{key}:{name}")),
            _ when SettingsSection.IsGroup(value.GetType()) => Errors(value, key),
            _ => [],
        };
}
