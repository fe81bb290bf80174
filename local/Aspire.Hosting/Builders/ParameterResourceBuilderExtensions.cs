using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds parameters and connection strings to the application.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is the configuration key <c>Parameters:name</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        bool secret = false
    ) => builder.AddParameterFromConfiguration(name, Key(name), secret);

    /// <summary>Adds a parameter with a value, which <c>Parameters:name</c> does not change.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">Whether the value is the default where it is deployed.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false
    ) => builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    /// <summary>Adds a parameter with a value that is found when it is needed.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="valueGetter">Finds the value.</param>
    /// <param name="publishValueAsDefault">Whether the value is the default where it is deployed.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        Func<string> valueGetter,
        bool publishValueAsDefault = false,
        bool secret = false
    )
    {
        ArgumentNullException.ThrowIfNull(valueGetter);
        return publishValueAsDefault && secret
            ? throw new ArgumentException(
                "A parameter cannot be both secret and published as a default value.",
                nameof(secret)
            )
            : builder.Add(new ParameterResource(name, _ => valueGetter(), secret));
    }

    /// <summary>Adds a parameter that has a default where <c>Parameters:name</c> is not set.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="value">The default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether a generated default is kept in the user secrets; here it is generated again.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false
    )
    {
        var resource = new ParameterResource(
            name,
            fallback => builder.Configuration[Key(name)] ?? fallback!.GetDefaultValue(),
            secret
        )
        {
            Default = value,
        };
        return builder.Add(resource);
    }

    /// <summary>Adds a parameter whose value is a configuration key.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="configurationKey">The key.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder,
        string name,
        string configurationKey,
        bool secret = false
    ) =>
        builder.Add(
            new ParameterResource(
                name,
                _ =>
                    builder.Configuration[configurationKey]
                    ?? throw new MissingParameterValueException(
                        $"Parameter resource could not be used because configuration key '{configurationKey}' is missing and the Parameter has no default value."
                    ),
                secret
            )
        );

    /// <summary>Describes a parameter.</summary>
    /// <param name="builder">The parameter.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="enableMarkdown">Whether the description is Markdown.</param>
    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder,
        string description,
        bool enableMarkdown = false
    )
    {
        builder.Resource.Description = description;
        builder.Resource.EnableDescriptionMarkdown = enableMarkdown;
        return builder;
    }

    /// <summary>Adds a connection string from the configuration (<c>ConnectionStrings:name</c>).</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="environmentVariableName">The variable that carries it; <c>ConnectionStrings__name</c> when null.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        string name,
        string? environmentVariableName = null
    )
    {
        var resource = new ConnectionStringParameterResource(
            name,
            () =>
                builder.Configuration.GetConnectionString(name)
                ?? throw new MissingParameterValueException(
                    $"Connection string parameter resource could not be used because connection string '{name}' is missing."
                ),
            environmentVariableName
        );
        return builder.AddResource(resource).WithInitialState(ParameterSnapshot(resource));
    }

    private static IResourceBuilder<ParameterResource> Add(
        this IDistributedApplicationBuilder builder,
        ParameterResource resource
    ) => builder.AddResource(resource).WithInitialState(ParameterSnapshot(resource));

    // The engine fills in the value, or says that it is missing, when the application starts.
    private static CustomResourceSnapshot ParameterSnapshot(ParameterResource resource) =>
        new()
        {
            ResourceType = "Parameter",
            Properties =
            [
                new(
                    CustomResourceKnownProperties.Source,
                    resource.IsConnectionString ? $"ConnectionStrings:{resource.Name}" : Key(resource.Name)
                ),
            ],
        };

    private static string Key(string name) => $"Parameters:{name}";
}

internal sealed class ConnectionStringParameterResource : ParameterResource, IResourceWithConnectionString
{
    public ConnectionStringParameterResource(string name, Func<string> value, string? environmentVariable)
        : base(name, _ => value(), secret: true)
    {
        IsConnectionString = true;
        ConnectionStringEnvironmentVariable = environmentVariable;
    }

    public string? ConnectionStringEnvironmentVariable { get; }

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{(ParameterResource)this}");

    IEnumerable<object> IValueWithReferences.References => [];
}
