extern alias AzureDatabases;
using Npgsql;
using Shop.AppHost.Infrastructure;
using Shop.AppHost.Infrastructure.Azure;
using Shop.EmbeddedPostgres;
using Databases = AzureDatabases::Shop.AzureDatabases.Databases;

namespace Shop.Deployment.Tests.Azure;

/// <summary>
/// The step after provisioning, on PostgreSQL with an administrator who may do what Azure's may: make roles and databases,
/// but not everything.
/// </summary>
public sealed class DatabasesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shop azure databases ").FullName;
    private PostgresProcess? _server;

    private string Admin => $"{_server!.Address};Username={PostgresServer.Admin};Password=admin";

    public async ValueTask InitializeAsync()
    {
        await EmbeddedPrograms.InstallAsync();
        var data = DataDirectory.Open(Path.Combine(_folder, "data"), fresh: false);
        _server = await PostgresProcess.StartAsync(data, TestContext.Current.CancellationToken);
        await ExecuteAsync(
            $"{_server.ConnectionString};Database=postgres",
            $"CREATE ROLE {PostgresServer.Admin} LOGIN CREATEROLE CREATEDB PASSWORD 'admin'"
        );
    }

    [Fact]
    public async Task Each_login_enters_its_own_database_alone_and_a_second_run_changes_its_password()
    {
        await EnsureAsync("first");
        await EnsureAsync("second");

        Assert.All(
            Topology.Databases,
            database => Assert.Contains($"{database} is ready.", _output, StringComparison.Ordinal)
        );
        await ExecuteAsync(Login("ordering", "orderingdb", "second"), "CREATE TABLE orders (id int)");
        Assert.Equal(PostgresErrorCodes.InvalidPassword, await RefusalAsync(Login("ordering", "orderingdb", "first")));
        Assert.Equal(
            PostgresErrorCodes.InsufficientPrivilege,
            await RefusalAsync(Login("ordering", "paymentsdb", "second"))
        );
    }

    [Fact]
    public async Task Search_migrates_into_the_database_that_has_its_extensions()
    {
        await EnsureAsync("first");
        await ExecuteAsync(Login("search", "searchdb", "first"), "SELECT unaccent('é') || similarity('a', 'b')");

        var (exitCode, output) = await MigrateSearchAsync(Login("search", "searchdb", "first"));

        Assert.True(exitCode == 0, output);
        Assert.Contains("searchdb is up to date", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_needs_quoting_is_refused_without_being_told()
    {
        var problem = await Assert.ThrowsAsync<SetupException>(() => EnsureAsync("it's"));

        Assert.Equal("billingdb_password may have letters and digits only, and at least one.", problem.Message);
    }

    [Fact]
    public void The_extensions_are_those_of_the_migrations() =>
        Assert.All(
            Topology.Contexts,
            context =>
            {
                var service = Repository.PathOf("services", $"Shop.{char.ToUpperInvariant(context[0])}{context[1..]}");
                var migrated = Directory
                    .GetFiles(service, "*ModelSnapshot.cs", SearchOption.AllDirectories)
                    .SelectMany(File.ReadLines)
                    .Where(line => line.Contains("HasPostgresExtension", StringComparison.Ordinal))
                    .Select(line => line.Split('"')[1]);
                Assert.Equal(PostgresServer.ExtensionsOf($"{context}db").Order(), migrated.Order());
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string _output = "";

    private async Task EnsureAsync(string password)
    {
        await using var output = new StringWriter();
        await Databases.EnsureAsync(
            Admin,
            (_, _) => Task.FromResult(password),
            output,
            TestContext.Current.CancellationToken
        );
        _output = output.ToString();
    }

    private static async Task<(int ExitCode, string Output)> MigrateSearchAsync(string connectionString)
    {
        await using var process = ServiceProcess.Start(
            "services/Shop.Search",
            [KeyValuePair.Create("ConnectionStrings__searchdb", (string?)connectionString)],
            "migrate"
        );
        var exitCode = await process.WaitForExitAsync(TimeSpan.FromMinutes(1));
        return (exitCode, await process.Output + await process.Errors);
    }

    private string Login(string context, string database, string password) =>
        $"{_server!.Address};Database={database};Username={context}db;Password={password};Pooling=false";

    private static async Task<string> RefusalAsync(string connectionString) =>
        (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connectionString, "SELECT 1"))).SqlState;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
