using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shop.Gateway;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Configuration;
using Shop.ServiceDefaults.OpenApi;

namespace Shop.Architecture.Tests.Configuration;

/// <summary>A setting as a process declares it.</summary>
internal sealed record DeclaredSetting(
    string Process,
    string Key,
    string Type,
    string Default,
    bool IsSecret,
    string Meaning,
    PropertyInfo? Property = null
);

/// <summary>What the gateway and every service declare when they are put together.</summary>
internal static class DeclaredSettings
{
    public static IReadOnlyList<DeclaredSetting> All { get; } = [.. Processes().SelectMany(Of)];

    private static IEnumerable<(string Name, IServiceCollection Services)> Processes()
    {
        foreach (var module in ModuleTests.Modules.Select(row => row.Data))
        {
            // Put together as ModuleHost does, and never built.
            var builder = WebApplication.CreateSlimBuilder();
            builder.AddServiceDefaults();
            module.GetMethod(nameof(IModule.AddServices))!.Invoke(null, [builder]);
            yield return ((string)module.GetProperty(nameof(IModule.Name))!.GetValue(null)!, builder.Services);
        }

        IServiceCollection? gateway = null;
        using (
            GatewayApplication.Build(["--environment=Development"], builder => gateway = builder.Services)
                as IDisposable
        )
            yield return ("gateway", gateway!);
    }

    private static IEnumerable<DeclaredSetting> Of((string Name, IServiceCollection Services) process)
    {
        var declared = process.Services.Select(service => service.ImplementationInstance).ToList();
        return declared
            .OfType<SettingsSection>()
            .SelectMany(section =>
                Of(process.Name, section.Name, section.Options, Activator.CreateInstance(section.Options)!)
            )
            .Concat(declared.OfType<ConnectionStringSetting>().Select(one => Of(process.Name, one)));
    }

    private static IEnumerable<DeclaredSetting> Of(string process, string path, Type type, object? values) =>
        SettingsSection
            .PropertiesOf(type)
            .SelectMany(property =>
                Of(process, $"{path}:{property.Name}", property, values is null ? null : property.GetValue(values))
            );

    private static IEnumerable<DeclaredSetting> Of(string process, string key, PropertyInfo property, object? value)
    {
        var type = property.PropertyType;
        if (SettingsSection.ElementOf(type) is { } element)
        {
            key += type.GenericTypeArguments.Length == 2 ? ":{name}" : ":{0, 1, ...}";
            (type, value) = (element, null);
        }

        if (SettingsSection.IsGroup(type))
            return Of(process, key, type, value);
        var need = property.GetCustomAttribute<RequiredOutsideDevelopmentAttribute>();
        return
        [
            new(
                process,
                key,
                Name(type),
                value is null ? (need is null ? "none" : "none; required outside Development") : $"`{Text(value)}`",
                property.IsDefined(typeof(SecretAttribute)),
                XmlDocs.Of(property) ?? "",
                property
            ),
        ];
    }

    private static DeclaredSetting Of(string process, ConnectionStringSetting one) =>
        new(
            process,
            $"ConnectionStrings:{one.Name}",
            "text",
            one.Need switch
            {
                SettingNeed.Always => "none; required",
                SettingNeed.OutsideDevelopment => "none; required outside Development",
                _ => "none",
            },
            IsSecret: true,
            char.ToUpperInvariant(one.Description[0]) + one.Description[1..] + "."
        );

    private static string Name(Type type) =>
        type == typeof(TimeSpan) ? "time"
        : type == typeof(int) ? "whole number"
        : type == typeof(double) ? "number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(string) ? "text"
        : type.IsEnum ? string.Join(" or ", Enum.GetNames(type).Select(name => $"`{name}`"))
        : throw new NotSupportedException($"docs/configuration.md has no name for the type {type}.");

    private static string Text(object value) =>
        value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
