using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds .NET projects to the application.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the AppHost references.</summary>
    /// <typeparam name="TProject">The generated class of the project, for instance <c>Projects.My_Api</c>.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        string name
    )
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, static _ => { });

    /// <summary>Adds a project that the AppHost references.</summary>
    /// <typeparam name="TProject">The generated class of the project.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="launchProfileName">The launch profile; none when null.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        string name,
        string? launchProfileName
    )
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name, options => Choose(options, launchProfileName));

    /// <summary>Adds a project that the AppHost references.</summary>
    /// <typeparam name="TProject">The generated class of the project.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="configure">Says how it is added.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        string name,
        Action<ProjectResourceOptions> configure
    )
        where TProject : IProjectMetadata, new() => builder.AddProject(name, new TProject(), configure);

    /// <summary>Adds a project.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="projectPath">The path of the project file, relative to the AppHost's folder.</param>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        string projectPath
    ) => builder.AddProject(name, projectPath, static _ => { });

    /// <summary>Adds a project.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="projectPath">The path of the project file, relative to the AppHost's folder.</param>
    /// <param name="launchProfileName">The launch profile; none when null.</param>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        string projectPath,
        string? launchProfileName
    ) => builder.AddProject(name, projectPath, options => Choose(options, launchProfileName));

    /// <summary>Adds a project.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="projectPath">The path of the project file, relative to the AppHost's folder.</param>
    /// <param name="configure">Says how it is added.</param>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        string projectPath,
        Action<ProjectResourceOptions> configure
    ) =>
        builder.AddProject(name, new ProjectAtPath(Path.GetFullPath(projectPath, builder.AppHostDirectory)), configure);

    /// <summary>Runs several instances behind the same endpoints.</summary>
    /// <param name="builder">The project.</param>
    /// <param name="replicas">The number of instances.</param>
    public static IResourceBuilder<ProjectResource> WithReplicas(
        this IResourceBuilder<ProjectResource> builder,
        int replicas
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static void Choose(ProjectResourceOptions options, string? launchProfileName)
    {
        options.LaunchProfileName = launchProfileName;
        options.ExcludeLaunchProfile = launchProfileName is null;
    }

    private static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        IProjectMetadata metadata,
        Action<ProjectResourceOptions> configure
    )
    {
        var options = new ProjectResourceOptions();
        configure(options);
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        project.WithOtlpExporter();
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (builder.Environment.IsDevelopment())
        {
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true");
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        project.WithEnvironment(context => AspNetCoreUrls.Set(project.Resource, context));
        if (options.ExcludeLaunchProfile)
        {
            return project.WithAnnotation(new ExcludeLaunchProfileAnnotation());
        }

        return LaunchProfiles.Find(builder, metadata, options.LaunchProfileName) is var (profile, content)
            ? LaunchProfiles.Apply(project, profile, content)
            : project;
    }

    private sealed class ProjectAtPath(string path) : IProjectMetadata
    {
        public string ProjectPath { get; } = path;
    }
}
