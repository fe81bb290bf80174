using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>How an application is built in a test, unless the test says otherwise.</summary>
internal static class TestingDefaults
{
    public static void Apply(
        DistributedApplicationOptions options,
        HostApplicationBuilderSettings settings,
        Assembly? appHost,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder
    )
    {
        // An AppHost that passes its command line on has the arguments already.
        settings.Args = settings.Args is { } own && !own.SequenceEqual(args) ? [.. own, .. args] : args;
        options.Args = settings.Args;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        options.AssemblyName = appHost?.GetName().Name ?? options.AssemblyName;
        settings.ApplicationName = appHost?.GetName().Name;
        configureBuilder(options, settings);

        settings.Configuration ??= new ConfigurationManager();
        var given = new ConfigurationManager();
        given.AddConfiguration(settings.Configuration);
        given.AddCommandLine(settings.Args);

        var defaults = new Dictionary<string, string?>
        {
            ["DcpPublisher:RandomizePorts"] = "true",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        };
        AddLaunchProfile(defaults, AppHost.FindDirectory(options, appHost), given);
        // A list: the provider reads it again whenever sources are added, when nothing would be missing any more.
        settings.Configuration.AddInMemoryCollection(defaults.Where(entry => given[entry.Key] is null).ToList());
        if (settings.Configuration["ENVIRONMENT"] is { } environment)
        {
            settings.EnvironmentName ??= environment;
        }
    }

    // The first profile of the AppHost, as dotnet run would use it; its endpoints are the dashboard's, which is left out.
    private static void AddLaunchProfile(
        Dictionary<string, string?> defaults,
        string appHostFolder,
        ConfigurationManager given
    )
    {
        if (LaunchProfiles.Read(appHostFolder) is not { Profiles.Count: > 0 } settings)
        {
            return;
        }

        var name = given["DOTNET_LAUNCH_PROFILE"] ?? settings.Profiles.First().Key;
        if (!settings.Profiles.TryGetValue(name, out var profile))
        {
            throw new DistributedApplicationException(
                $"The configured launch profile, '{name}', was not found in the launch settings file of '{appHostFolder}'."
            );
        }

        defaults["DOTNET_LAUNCH_PROFILE"] = name;
        foreach (var (key, value) in profile.EnvironmentVariables)
        {
            if (key.EndsWith("_ENDPOINT_URL", StringComparison.Ordinal))
            {
                continue;
            }

            defaults[key] = value;
            foreach (var prefix in (string[])["DOTNET_", "ASPNETCORE_"])
            {
                if (key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                {
                    defaults[key[prefix.Length..]] = value;
                }
            }
        }
    }
}
