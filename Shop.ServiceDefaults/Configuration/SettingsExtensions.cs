using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shop.ServiceDefaults.Configuration;

namespace Shop.ServiceDefaults;

/// <summary>
/// Settings as options classes. A process checks all of them before it serves, and <c>docs/configuration.md</c> lists them.
/// </summary>
public static class SettingsExtensions
{
    /// <summary>
    /// Binds <typeparamref name="TOptions"/> to a section. The validation attributes of its properties, also of nested classes,
    /// apply at start-up; each error is one sentence that names the setting.
    /// </summary>
    /// <param name="services">The module's services.</param>
    /// <param name="section">The section, such as <c>Inventory</c>.</param>
    /// <returns>
    /// The options' builder, for rules that attributes cannot state. A second call for the same section only returns it.
    /// </returns>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class, new()
    {
        var added = new SettingsSection(section, typeof(TOptions));
        if (services.Any(service => added.Equals(service.ImplementationInstance)))
        {
            return services.AddOptions<TOptions>();
        }

        services.AddSingleton(added);
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new SettingsValidator<TOptions>(
            section,
            provider
        ));
        return services
            .AddOptions<TOptions>()
            .Configure<IConfiguration>(
                (options, configuration) =>
                {
                    // The binder would fail at the first value that it cannot read, and quote it.
                    if (added.Unreadable(configuration).ToArray() is { Length: > 0 } errors)
                    {
                        throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), errors);
                    }

                    configuration.GetSection(section).Bind(options);
                }
            )
            .ValidateOnStart();
    }

    /// <summary>Declares a connection string that a process reads; what is in it is a secret.</summary>
    /// <param name="services">The module's services.</param>
    /// <param name="name">Its name, such as <c>orderingdb</c>.</param>
    /// <param name="description">What it names, as in "set X to ...".</param>
    /// <param name="need">When a process cannot serve without it.</param>
    public static void AddConnectionString(
        this IServiceCollection services,
        string name,
        string description,
        SettingNeed need
    ) => services.AddSingleton(new ConnectionStringSetting(name, description, need));

    /// <summary>Checks every setting that was added.</summary>
    /// <exception cref="SettingException">One line for each error.</exception>
    internal static void ValidateSettings(this IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var isDevelopment = services.GetRequiredService<IHostEnvironment>().IsDevelopment();
        var missing = services
            .GetServices<ConnectionStringSetting>()
            .Where(setting => setting.IsMissing(configuration, isDevelopment))
            .Select(setting => $"set ConnectionStrings:{setting.Name} to {setting.Description}.");
        string[] errors = [.. missing.Concat(BrokenRules(services)).Distinct()];
        if (errors.Length > 0)
        {
            throw new SettingException(string.Join('\n', errors));
        }
    }

    private static IEnumerable<string> BrokenRules(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return exception.Failures;
        }
        catch (AggregateException exception)
        {
            return exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(one => one.Failures);
        }
    }
}

/// <summary>When a process cannot serve without a setting.</summary>
public enum SettingNeed
{
    /// <summary>Never.</summary>
    Optional,

    /// <summary>Everywhere but in Development.</summary>
    OutsideDevelopment,

    /// <summary>Always.</summary>
    Always,
}
