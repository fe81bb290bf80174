using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A connection string that is put together from other resources' values.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="connectionStringExpression">The connection string.</param>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name),
        IResourceWithConnectionString,
        IResourceWithWaitSupport
{
    /// <summary>The connection string.</summary>
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
}

/// <summary>Adds connection strings that are put together from other resources' values.</summary>
public static class ConnectionStringBuilderExtensions
{
    /// <summary>Adds a connection string.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="connectionStringExpression">The connection string.</param>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        string name,
        ReferenceExpression connectionStringExpression
    )
    {
        ArgumentNullException.ThrowIfNull(connectionStringExpression);
        var added = builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
        foreach (var used in connectionStringExpression.ValueProviders.OfType<IResource>())
        {
            added.WithReferenceRelationship(used);
        }

        return added
            .WithInitialState(
                new CustomResourceSnapshot
                {
                    ResourceType = "ConnectionString",
                    State = KnownResourceStates.Waiting,
                    Properties = [],
                }
            )
            .OnInitializeResource(
                async (resource, @event, cancellationToken) =>
                {
                    await @event.Notifications.WaitForDependenciesAsync(resource, cancellationToken);
                    await resource.ConnectionStringExpression.GetValueAsync(cancellationToken);
                    await @event.Eventing.PublishAsync(
                        new ConnectionStringAvailableEvent(resource, @event.Services),
                        cancellationToken
                    );
                    await @event.Notifications.PublishUpdateAsync(
                        resource,
                        snapshot => snapshot with { State = KnownResourceStates.Running }
                    );
                }
            );
    }

    /// <summary>Adds a connection string.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="connectionStringBuilder">Puts it together.</param>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        string name,
        Action<ReferenceExpressionBuilder> connectionStringBuilder
    )
    {
        var expression = new ReferenceExpressionBuilder();
        connectionStringBuilder(expression);
        return builder.AddConnectionString(name, expression.Build());
    }
}
