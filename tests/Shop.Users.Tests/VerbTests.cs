using Npgsql;
using Shop.ServiceDefaults;
using Shop.Testing;

namespace Shop.Users.Tests;

/// <summary>What the service's process does when it does not serve.</summary>
public sealed class VerbTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private string _database = null!;

    public async ValueTask InitializeAsync() => _database = await infrastructure.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task In_development_there_is_somebody_for_each_role_and_all_are_announced()
    {
        await RunAsync("migrate", "--environment=Development");

        Assert.Equal(
            [
                "01900000-0000-7000-8000-000000000001 customer@shop.test customer",
                "01900000-0000-7000-8000-000000000002 operator@shop.test customer,operator",
                "01900000-0000-7000-8000-000000000003 admin@shop.test customer,operator,admin",
            ],
            await ReadAsync("select id || ' ' || email || ' ' || array_to_string(roles, ',') from users order by id")
        );
        Assert.Equal(
            ["3"],
            await ReadAsync(
                "select count(*)::text from outbox_messages where type = 'shop.users.user-registered.v1' and (body->>'version')::int > 0"
            )
        );
    }

    [Fact]
    public async Task Migrating_again_brings_nothing_back_and_announces_nothing()
    {
        await RunAsync("migrate", "--environment=Development");
        await ReadAsync("update users set name = 'Changed' where email = 'customer@shop.test' returning name");

        await RunAsync("migrate", "--environment=Development");

        Assert.Equal(["Changed"], await ReadAsync("select name from users where email = 'customer@shop.test'"));
        Assert.Equal(["3"], await ReadAsync("select count(*)::text from outbox_messages"));
    }

    [Fact]
    public async Task Elsewhere_nobody_is_made()
    {
        await RunAsync("migrate", "--environment=Production");

        Assert.Empty(await ReadAsync("select email from users"));
    }

    [Fact]
    public async Task The_first_administrator_is_appointed_by_who_runs_the_service()
    {
        await RunAsync("migrate", "--environment=Development");
        await ReadAsync("delete from users where email = 'admin@shop.test' returning email");

        await RunAsync("appoint-admin", "customer@SHOP.test");

        Assert.Equal(
            ["customer,admin 3"],
            await ReadAsync(
                "select array_to_string(roles, ',') || ' ' || version from users where email = 'customer@shop.test'"
            )
        );
        Assert.Equal(
            ["""["customer","admin"]"""],
            await ReadAsync("select body->>'roles' from outbox_messages where type = 'shop.users.user-changed.v1'")
        );
    }

    [Theory]
    [InlineData("nobody@shop.test")]
    [InlineData("no-address")]
    [InlineData("")]
    public async Task Who_is_not_known_is_not_appointed(string email)
    {
        await RunAsync("migrate", "--environment=Production");

        Assert.Equal(1, await ExitCodeAsync(["appoint-admin", email]));
    }

    private async Task RunAsync(params string[] args) => Assert.Equal(0, await ExitCodeAsync(args));

    private Task<int> ExitCodeAsync(string[] args) =>
        ModuleHost.RunAsync<UsersModule>([
            .. args,
            "--ConnectionStrings:usersdb=" + _database,
            "--Logging:LogLevel:Default=None",
        ]);

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
