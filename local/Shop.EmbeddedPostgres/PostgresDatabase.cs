using Npgsql;

namespace Shop.EmbeddedPostgres;

/// <summary>A database that only its own login, of the same name, may enter.</summary>
public static class PostgresDatabase
{
    /// <summary>Makes the login and the database where they are missing. Others may not even connect.</summary>
    /// <param name="server">
    /// The connection string, without a database, of a super user or of a login that may create roles and databases.
    /// </param>
    /// <param name="name">The database's name and its login's; lower-case letters, so nothing needs quoting.</param>
    /// <param name="password">The login's password; letters and digits.</param>
    /// <param name="cancellationToken">Limits it.</param>
    public static async Task EnsureAsync(
        string server,
        string name,
        string password,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await OpenAsync(server, "postgres", cancellationToken);
        await ExecuteAsync($"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await ExecuteAsync($"ALTER ROLE {name} PASSWORD '{password}'");
        // Who is no super user may only give a database to a role that it is a member of.
        await ExecuteAsync($"GRANT {name} TO CURRENT_USER");
        await using (var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection))
        {
            exists.Parameters.Add(new() { Value = name });
            if (await exists.ExecuteScalarAsync(cancellationToken) is null)
                await ExecuteAsync($"CREATE DATABASE {name} OWNER {name}");
        }
        await ExecuteAsync($"REVOKE ALL ON DATABASE {name} FROM PUBLIC");

        Task ExecuteAsync(string sql) => PostgresDatabase.ExecuteAsync(connection, sql, cancellationToken);
    }

    /// <summary>Creates extensions in a database that <see cref="EnsureAsync"/> has made.</summary>
    /// <param name="server">As for <see cref="EnsureAsync"/>.</param>
    /// <param name="name">The database's name.</param>
    /// <param name="extensions">Their names, which need no quoting.</param>
    /// <param name="cancellationToken">Limits it.</param>
    public static async Task EnsureExtensionsAsync(
        string server,
        string name,
        IReadOnlyList<string> extensions,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(extensions);
        await using var connection = await OpenAsync(server, name, cancellationToken);
        foreach (var extension in extensions)
            await ExecuteAsync(connection, $"CREATE EXTENSION IF NOT EXISTS {extension}", cancellationToken);
    }

    private static async Task<NpgsqlConnection> OpenAsync(
        string server,
        string database,
        CancellationToken cancellationToken
    )
    {
        var connection = new NpgsqlConnection($"{server};Database={database};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
