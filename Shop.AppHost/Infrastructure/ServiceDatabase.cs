using Npgsql;

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
        await using var source = NpgsqlDataSource.Create($"{superUser};Database=postgres;Pooling=false");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync($"DO $$ BEGIN CREATE ROLE {Name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await ExecuteAsync($"ALTER ROLE {Name} PASSWORD '{secret}'");
        await using (var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection))
        {
            exists.Parameters.Add(new() { Value = Name });
            if (await exists.ExecuteScalarAsync(cancellationToken) is null)
                await ExecuteAsync($"CREATE DATABASE {Name} OWNER {Name}");
        }
        await ExecuteAsync($"REVOKE ALL ON DATABASE {Name} FROM PUBLIC");

        // Names come from AppHost.cs and the password is hexadecimal: nothing here needs quoting.
        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
