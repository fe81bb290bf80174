using Npgsql;

namespace Shop.EmbeddedPostgres;

/// <summary>A database that only its own login, of the same name, may enter.</summary>
public static class PostgresDatabase
{
    /// <summary>Makes the login and the database where they are missing. Others may not even connect.</summary>
    /// <param name="server">The super user's connection string, without a database.</param>
    /// <param name="name">The database's name and its login's; lower-case letters, so nothing needs quoting.</param>
    /// <param name="password">The login's password; hexadecimal digits.</param>
    /// <param name="cancellationToken">Limits it.</param>
    public static async Task EnsureAsync(
        string server,
        string name,
        string password,
        CancellationToken cancellationToken
    )
    {
        await using var source = NpgsqlDataSource.Create($"{server};Database=postgres;Pooling=false");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync($"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await ExecuteAsync($"ALTER ROLE {name} PASSWORD '{password}'");
        await using (var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection))
        {
            exists.Parameters.Add(new() { Value = name });
            if (await exists.ExecuteScalarAsync(cancellationToken) is null)
                await ExecuteAsync($"CREATE DATABASE {name} OWNER {name}");
        }
        await ExecuteAsync($"REVOKE ALL ON DATABASE {name} FROM PUBLIC");

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
