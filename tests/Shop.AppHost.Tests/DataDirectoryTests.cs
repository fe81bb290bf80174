using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Shop.AppHost.Tests;

public sealed class DataDirectoryTests : IDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);

    private readonly string _data = Path.Combine(Path.GetTempPath(), $"shop data {Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_data))
            Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Data_survives_a_restart_and_a_fresh_start_is_empty()
    {
        Assert.False(await HasTableAfterStartAsync(create: true), "An empty data directory held the table already.");
        Assert.True(await HasTableAfterStartAsync(), "The table did not survive a restart.");
        Assert.False(
            await HasTableAfterStartAsync(create: false, "--Shop:Fresh=true"),
            "--Shop:Fresh=true kept the table."
        );
    }

    private async Task<bool> HasTableAfterStartAsync(bool create = false, params string[] arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_startLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Shop_AppHost>(
            [$"--Shop:DataDirectory={_data}", .. arguments],
            limit.Token
        );
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
            builder.Resources.Remove(service);
        await using var application = await builder.BuildAsync(limit.Token);
        await application.StartAsync(limit.Token);
        await application.ResourceNotifications.WaitForResourceHealthyAsync("postgres", limit.Token);

        await using var connection = new NpgsqlConnection(
            $"{await application.GetConnectionStringAsync("orderingdb", limit.Token)};Pooling=false"
        );
        await connection.OpenAsync(limit.Token);
        await using var look = new NpgsqlCommand("SELECT to_regclass('public.kept') IS NOT NULL", connection);
        var found = (bool)(await look.ExecuteScalarAsync(limit.Token))!;
        if (create)
        {
            await using var table = new NpgsqlCommand("CREATE TABLE kept ()", connection);
            await table.ExecuteNonQueryAsync(limit.Token);
        }
        return found;
    }
}
