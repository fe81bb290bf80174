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

    /// <summary>Makes the login and the database where they are missing. Others may not even connect.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var superUser = await server.GetConnectionStringAsync(cancellationToken);
        var secret = await password.GetValueAsync(cancellationToken);
        await PostgresDatabase.EnsureAsync(superUser!, Name, secret!, cancellationToken);
    }
}
