using System.Text.Json.Serialization;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A .NET project.</summary>
    /// <param name="name">The resource's name.</param>
    public class ProjectResource(string name)
        : Resource(name),
            IResourceWithEnvironment,
            IResourceWithArgs,
            IResourceWithServiceDiscovery,
            IResourceWithWaitSupport,
            IComputeResource
    {
        internal IProjectMetadata Metadata => Annotations.OfType<IProjectMetadata>().Last();
    }

    /// <summary>The launch profile that a project uses.</summary>
    /// <param name="launchProfileName">The profile's name.</param>
    public sealed class LaunchProfileAnnotation(string launchProfileName) : IResourceAnnotation
    {
        /// <summary>The profile's name.</summary>
        public string LaunchProfileName { get; } = launchProfileName;
    }

    /// <summary>The project uses no launch profile.</summary>
    public sealed class ExcludeLaunchProfileAnnotation : IResourceAnnotation;

    /// <summary>Reads facts about projects.</summary>
    public static class ProjectResourceExtensions
    {
        /// <summary>The projects of an application.</summary>
        /// <param name="model">The resources.</param>
        public static IEnumerable<ProjectResource> GetProjectResources(this DistributedApplicationModel model) =>
            model.Resources.OfType<ProjectResource>();

        /// <summary>Where a project is.</summary>
        /// <param name="projectResource">The project.</param>
        public static IProjectMetadata GetProjectMetadata(this ProjectResource projectResource) =>
            projectResource.Metadata;
    }
}

namespace Aspire.Hosting
{
    /// <summary>A resource that others find by name.</summary>
    public interface IResourceWithServiceDiscovery : ApplicationModel.IResourceWithEndpoints;

    /// <summary>Where a project is; implemented by the generated <c>Projects</c> classes.</summary>
    public interface IProjectMetadata : ApplicationModel.IResourceAnnotation
    {
        /// <summary>The path of the project file.</summary>
        string ProjectPath { get; }

        /// <summary>The launch settings; read from the project's folder when null.</summary>
        LaunchSettings? LaunchSettings => null;

        /// <summary>Whether the project is built already.</summary>
        bool SuppressBuild => false;

        /// <summary>Whether the project is a single source file.</summary>
        bool IsFileBasedApp => false;
    }

    /// <summary>The content of <c>launchSettings.json</c>.</summary>
    public sealed class LaunchSettings
    {
        /// <summary>The profiles by name.</summary>
        [JsonPropertyName("profiles")]
        public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];
    }

    /// <summary>One profile of <c>launchSettings.json</c>.</summary>
    public sealed class LaunchProfile
    {
        /// <summary>What it starts; <c>Project</c> is what counts here.</summary>
        [JsonPropertyName("commandName")]
        public string? CommandName { get; set; }

        /// <summary>The arguments.</summary>
        [JsonPropertyName("commandLineArgs")]
        public string? CommandLineArgs { get; set; }

        /// <summary>The program, when it starts one.</summary>
        [JsonPropertyName("executablePath")]
        public string? ExecutablePath { get; set; }

        /// <summary>Whether <c>dotnet run</c> says what it does.</summary>
        [JsonPropertyName("dotnetRunMessages")]
        public bool? DotnetRunMessages { get; set; }

        /// <summary>Whether a browser is opened.</summary>
        [JsonPropertyName("launchBrowser")]
        public bool? LaunchBrowser { get; set; }

        /// <summary>The page that is opened.</summary>
        [JsonPropertyName("launchUrl")]
        public string? LaunchUrl { get; set; }

        /// <summary>The URLs it listens on, separated by semicolons.</summary>
        [JsonPropertyName("applicationUrl")]
        public string? ApplicationUrl { get; set; }

        /// <summary>The environment variables.</summary>
        [JsonPropertyName("environmentVariables")]
        public Dictionary<string, string> EnvironmentVariables { get; set; } = [];
    }

    /// <summary>How a project is added.</summary>
    public class ProjectResourceOptions
    {
        /// <summary>The launch profile; the first when null.</summary>
        public string? LaunchProfileName { get; set; }

        /// <summary>Whether no launch profile is used.</summary>
        public bool ExcludeLaunchProfile { get; set; }

        /// <summary>Whether endpoints from Kestrel's configuration are left out.</summary>
        public bool ExcludeKestrelEndpoints { get; set; }
    }
}
