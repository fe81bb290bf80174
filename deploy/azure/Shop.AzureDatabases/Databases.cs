using Shop.AppHost.Infrastructure;
using Shop.AppHost.Infrastructure.Azure;
using Shop.EmbeddedPostgres;

namespace Shop.AzureDatabases;

/// <summary>A database and a login for each context. Running it again sets the passwords and changes nothing else.</summary>
internal static class Databases
{
    /// <param name="server">The administrator's connection string, without a database. It needs no super user.</param>
    /// <param name="passwordOf">The value of a parameter, such as <c>usersdb_password</c>.</param>
    /// <param name="output">Gets a line for each database.</param>
    /// <param name="cancellationToken">Limits it.</param>
    /// <exception cref="SetupException">A password has characters that need quoting.</exception>
    public static async Task EnsureAsync(
        string server,
        Func<string, CancellationToken, Task<string>> passwordOf,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        foreach (var database in Topology.Databases)
        {
            var parameter = $"{database}_password";
            var password = await passwordOf(parameter, cancellationToken);
            if (password.Length == 0 || !password.All(char.IsAsciiLetterOrDigit))
                throw new SetupException($"{parameter} may have letters and digits only, and at least one.");
            await PostgresDatabase.EnsureAsync(server, database, password, cancellationToken);
            await PostgresDatabase.EnsureExtensionsAsync(
                server,
                database,
                PostgresServer.ExtensionsOf(database),
                cancellationToken
            );
            await output.WriteLineAsync($"{database} is ready.");
        }
    }
}
