using Microsoft.Extensions.DependencyInjection;
using Shop.EmbeddedPostgres;

namespace Shop.AppHost.Infrastructure;

/// <summary>A database of a PostgreSQL server that only its own login may enter.</summary>
internal sealed class ServiceDatabase(
    string name,
    IResourceWithConnectionString server,
    EndpointReference endpoint,
    ParameterResource password
) : Resource(name), IResourceWithParent<IResourceWithConnectionString>, IResourceWithConnectionString
{
    public IResourceWithConnectionString Parent => server;

    public ReferenceExpression ConnectionStringExpression { get; } =
        ReferenceExpression.Create(
            $"Host={endpoint.Property(EndpointProperty.Host)};Port={endpoint.Property(EndpointProperty.Port)};Database={name};Username={name};Password={password}"
        );

    /// <summary>Creates the login and the database if they are missing, and lets no other login connect.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var superUser = await server.GetConnectionStringAsync(cancellationToken);
        var secret = await password.GetValueAsync(cancellationToken);
        await PostgresDatabase.EnsureAsync(superUser!, Name, secret!, cancellationToken);
    }
}

internal static class ServiceDatabaseExtensions
{
    /// <summary>Creates a server's databases when it is ready. The result adds one of them to the model.</summary>
    public static Func<string, IResourceBuilder<IResourceWithConnectionString>> AddServiceDatabases<TServer>(
        this IResourceBuilder<TServer> server,
        EndpointReference endpoint,
        DataDirectory data
    )
        where TServer : IResourceWithConnectionString
    {
        var databases = new List<ServiceDatabase>();
        server.OnResourceReady(
            async (_, ready, cancellationToken) =>
            {
                var notifications = ready.Services.GetRequiredService<ResourceNotificationService>();
                foreach (var database in databases)
                {
                    await database.EnsureAsync(cancellationToken);
                    await notifications.PublishUpdateAsync(
                        database,
                        snapshot => snapshot with { State = KnownResourceStates.Running }
                    );
                }
            }
        );
        return name =>
        {
            var password = new ParameterResource($"{name}-password", _ => data.PasswordFor(name), secret: true);
            var database = new ServiceDatabase(name, server.Resource, endpoint, password);
            databases.Add(database);
            return server
                .ApplicationBuilder.AddResource(database)
                .WithInitialState(
                    new()
                    {
                        ResourceType = "Database",
                        Properties = [],
                        State = KnownResourceStates.Waiting,
                    }
                );
        };
    }
}
