namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that others reach through a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IExpressionValue, IValueWithReferences
{
    /// <summary>The connection string.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The variable that carries the connection string; <c>ConnectionStrings__name</c> when null.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    IEnumerable<object> IValueWithReferences.References => [ConnectionStringExpression];

    /// <summary>The connection string; waits until its parts are known.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    /// <summary>The connection string's parts by name, such as host and port.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => [];

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) =>
        GetConnectionStringAsync(cancellationToken);

    ValueTask<string?> IValueProvider.GetValueAsync(
        ValueProviderContext context,
        CancellationToken cancellationToken
    ) => ConnectionStringExpression.GetValueAsync(context, cancellationToken);
}

/// <summary>A reference to a connection string that may be missing.</summary>
/// <param name="resource">The resource that has it.</param>
/// <param name="optional">Whether a missing value is accepted.</param>
public class ConnectionStringReference(IResourceWithConnectionString resource, bool optional)
    : IExpressionValue,
        IValueWithReferences
{
    /// <summary>The resource that has the connection string.</summary>
    public IResourceWithConnectionString Resource { get; } = resource;

    /// <summary>Whether a missing value is accepted.</summary>
    public bool Optional { get; } = optional;

    string IManifestExpressionProvider.ValueExpression => Resource.ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) =>
        ((IValueProvider)this).GetValueAsync(new ValueProviderContext(), cancellationToken);

    async ValueTask<string?> IValueProvider.GetValueAsync(
        ValueProviderContext context,
        CancellationToken cancellationToken
    )
    {
        var value = await Resource.GetValueAsync(context, cancellationToken);
        return string.IsNullOrEmpty(value) && !Optional
            ? throw new DistributedApplicationException(
                $"The connection string for the resource '{Resource.Name}' is not available."
            )
            : value;
    }
}

/// <summary>Says that a resource's connection string is another resource's.</summary>
/// <param name="resource">The other resource.</param>
public class ConnectionStringRedirectAnnotation(IResourceWithConnectionString resource) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResourceWithConnectionString Resource { get; } = resource;
}
