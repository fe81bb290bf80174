using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

internal static class LaunchProfiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The named launch profile, or the one of the AppHost's name, or the first.</summary>
    public static (string Name, LaunchProfile Profile)? Find(
        IDistributedApplicationBuilder builder,
        IProjectMetadata metadata,
        string? name
    )
    {
        var folder = Path.GetDirectoryName(metadata.ProjectPath)!;
        var settings = metadata.LaunchSettings ?? Read(folder);
        if (settings is null)
        {
            return null;
        }

        if (name is not null)
        {
            return settings.Profiles.TryGetValue(name, out var named)
                ? (name, named)
                : throw new DistributedApplicationException($"Launch settings file does not contain '{name}' profile.");
        }

        var preferred =
            builder.Configuration["AppHost:DefaultLaunchProfileName"] ?? builder.Configuration["DOTNET_LAUNCH_PROFILE"];
        if (preferred is not null && settings.Profiles.TryGetValue(preferred, out var same))
        {
            return (preferred, same);
        }

        var first = settings.Profiles.FirstOrDefault(profile => profile.Value.CommandName is "Project");
        return first.Value is null ? null : (first.Key, first.Value);
    }

    public static LaunchSettings? Read(string projectFolder)
    {
        var path = Path.Combine(projectFolder, "Properties", "launchSettings.json");
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<LaunchSettings>(stream, Json);
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException(
                $"The launch settings in {path} are not valid JSON: {exception.Message}",
                exception
            );
        }
    }

    public static IResourceBuilder<ProjectResource> Apply(
        IResourceBuilder<ProjectResource> project,
        string name,
        LaunchProfile profile
    )
    {
        project.WithAnnotation(new EffectiveLaunchProfileAnnotation(name, profile));
        AddEndpoints(project, profile);
        return project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", name);
            foreach (var (variable, value) in profile.EnvironmentVariables)
            {
                context.EnvironmentVariables.TryAdd(variable, Environment.ExpandEnvironmentVariables(value));
            }
        });
    }

    private static void AddEndpoints(IResourceBuilder<ProjectResource> project, LaunchProfile profile)
    {
        var countByScheme = new Dictionary<string, int>();
        var options = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (var url in profile.ApplicationUrl?.Split(';', options) ?? [])
        {
            var address = new Uri(
                url.Replace("://*", "://localhost", StringComparison.Ordinal)
                    .Replace("://+", "://localhost", StringComparison.Ordinal)
            );
            var count = countByScheme[address.Scheme] = countByScheme.GetValueOrDefault(address.Scheme) + 1;
            project.WithAnnotation(
                new EndpointAnnotation(
                    System.Net.Sockets.ProtocolType.Tcp,
                    uriScheme: address.Scheme,
                    name: count == 1 ? address.Scheme : address.Scheme + count,
                    port: address.Port
                )
                {
                    FromLaunchProfile = true,
                }
            );
        }

        if (profile.LaunchUrl is { Length: > 0 } page)
        {
            project.WithUrls(context =>
            {
                foreach (
                    var url in context.Urls.Where(u => u.Endpoint is { EndpointAnnotation.FromLaunchProfile: true })
                )
                {
                    url.Url = new Uri(new Uri(url.Url), page).ToString();
                }
            });
        }
    }
}

/// <summary>The launch profile that was found for a project.</summary>
internal sealed class EffectiveLaunchProfileAnnotation(string name, LaunchProfile profile) : IResourceAnnotation
{
    public string Name { get; } = name;

    public LaunchProfile Profile { get; } = profile;
}
