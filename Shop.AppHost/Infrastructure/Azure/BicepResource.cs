using System.Text.Json.Nodes;
using Aspire.Hosting.Publishing;

namespace Shop.AppHost.Infrastructure.Azure;

/// <summary>
/// A Bicep file that <c>azd</c> deploys as a module of its own (manifest type <c>azure.bicep.v0</c>). The file lies in this
/// folder and is written beside the manifest, from which azd reads it.
/// </summary>
/// <param name="name">The resource's name; the file is <c>{name}.bicep</c>.</param>
/// <param name="connectionString">
/// What services get, as an expression of the manifest, such as <c>{messaging.outputs.endpoint}</c>; none if they get nothing.
/// </param>
internal sealed class BicepResource(string name, string? connectionString = null)
    : Resource(name),
        IResourceWithConnectionString
{
    /// <summary>Asks azd to fill in a parameter that it knows, such as <c>principalId</c>.</summary>
    public const string FilledByAzd = "";

    /// <summary>The values of the file's parameters; azd adds <c>location</c>.</summary>
    public Dictionary<string, JsonNode> Parameters { get; } = [];

    public ReferenceExpression ConnectionStringExpression { get; } =
        ReferenceExpression.Create($"{new Expression(connectionString ?? "")}");

    /// <summary>A value of the deployment, which exists only after it: for connection strings and environment variables.</summary>
    public Expression Output(string output) => new($"{{{Name}.outputs.{output}}}");

    /// <summary>A secret in the Key Vault that azd makes for a file with the parameter <c>keyVaultName</c>.</summary>
    public static string SecretOutput(string resource, string secret) => $"{{{resource}.secretOutputs.{secret}}}";

    public void Write(ManifestPublishingContext context)
    {
        var file = $"{Name}.bicep";
        var target = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(context.ManifestPath))!, file);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Infrastructure", "Azure", file), target, overwrite: true);

        context.Writer.WriteString("type", "azure.bicep.v0");
        if (connectionString is not null)
            context.Writer.WriteString("connectionString", connectionString);
        context.Writer.WriteString("path", file);
        context.Writer.WriteStartObject("params");
        foreach (var (parameter, value) in Parameters)
        {
            context.Writer.WritePropertyName(parameter);
            value.WriteTo(context.Writer);
        }
        context.Writer.WriteEndObject();
    }

    /// <summary>A reference in the manifest, which only azd resolves.</summary>
    internal sealed record Expression(string ValueExpression) : IManifestExpressionProvider, IValueProvider
    {
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            throw new DistributedApplicationException($"{ValueExpression} exists only in Azure.");
    }
}

internal static class BicepResourceExtensions
{
    public static IResourceBuilder<BicepResource> AddBicep(
        this IDistributedApplicationBuilder builder,
        BicepResource resource
    ) => builder.AddResource(resource).WithManifestPublishingCallback(resource.Write);

    /// <summary>Sets a parameter to text, a list or an object; all of them as they stand.</summary>
    public static IResourceBuilder<BicepResource> WithParameter(
        this IResourceBuilder<BicepResource> bicep,
        string name,
        JsonNode value
    )
    {
        bicep.Resource.Parameters[name] = value;
        return bicep;
    }

    /// <summary>Sets a parameter to what the operator or azd provides.</summary>
    public static IResourceBuilder<BicepResource> WithParameter(
        this IResourceBuilder<BicepResource> bicep,
        string name,
        IResourceBuilder<ParameterResource> value
    ) => bicep.WithParameter(name, JsonValue.Create(value.Resource.ValueExpression));
}
