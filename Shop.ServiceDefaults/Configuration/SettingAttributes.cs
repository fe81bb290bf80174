using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults;

/// <summary>The value is a secret: it comes from a secret store, and no log or message shows it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>The setting has no value that is right for everybody, except on a developer's machine.</summary>
/// <param name="what">What to set it to, as in "set X to ...".</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredOutsideDevelopmentAttribute(string what) : ValidationAttribute
{
    /// <summary>What to set it to.</summary>
    public string What => what;

    /// <inheritdoc />
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        var environment = validationContext.GetRequiredService<IHostEnvironment>();
        return environment.IsDevelopment() || value is string { Length: > 0 }
            ? ValidationResult.Success
            : new ValidationResult($"set {validationContext.DisplayName} to {what}.");
    }
}

/// <summary>A number or a time that must be more than zero.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PositiveAttribute() : ValidationAttribute("{0} must be more than 0.")
{
    /// <inheritdoc />
    public override bool IsValid(object? value) =>
        value switch
        {
            int number => number > 0,
            double number => number > 0,
            TimeSpan time => time > TimeSpan.Zero,
            _ => false,
        };
}

/// <summary>A number or a time that must not be less than zero.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotNegativeAttribute() : ValidationAttribute("{0} must be 0 or more.")
{
    /// <inheritdoc />
    public override bool IsValid(object? value) =>
        value switch
        {
            int number => number >= 0,
            double number => number >= 0,
            TimeSpan time => time >= TimeSpan.Zero,
            _ => false,
        };
}
