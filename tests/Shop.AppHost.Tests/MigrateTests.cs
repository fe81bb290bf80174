using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Shop.Testing;

namespace Shop.AppHost.Tests;

public sealed partial class MigrateTests(RunningShop shop)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("Users")]
    [InlineData("Catalog")]
    [InlineData("Search")]
    [InlineData("Ordering")]
    [InlineData("Inventory")]
    [InlineData("Payments")]
    [InlineData("Billing")]
    [InlineData("Notifications")]
    public async Task Two_processes_that_migrate_at_once_both_succeed_and_one_does_the_work(string service)
    {
        var name = $"migrate_{service.ToLowerInvariant()}_{Guid.NewGuid():N}";
        var server = await shop.GetConnectionStringAsync("postgres");
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        var settings = new[]
        {
            KeyValuePair.Create(
                $"ConnectionStrings__{service.ToLowerInvariant()}db",
                (string?)$"{server};Database={name};Pooling=false"
            ),
        };

        await using var one = ServiceProcess.Start($"services/Shop.{service}", settings, "migrate");
        await using var other = ServiceProcess.Start($"services/Shop.{service}", settings, "migrate");
        var first = await AppliedAsync(one);
        var second = await AppliedAsync(other);

        Assert.NotEmpty(first);
        Assert.Equal(first.Keys.Order(), second.Keys.Order());
        Assert.All(
            first.Keys,
            database =>
            {
                Assert.Equal(0, Math.Min(first[database], second[database]));
                Assert.True(first[database] + second[database] > 0, $"Nobody migrated {database}.");
            }
        );
        await ExecuteAsync(server, $"DROP DATABASE {name}");
    }

    /// <summary>How many migrations it says that it has applied, by connection string.</summary>
    private static async Task<Dictionary<string, int>> AppliedAsync(ServiceProcess process)
    {
        var exitCode = await process.WaitForExitAsync(s_limit);
        Assert.True(exitCode == 0, await process.Errors);
        return Applied()
            .Matches(await process.Output)
            .ToDictionary(
                match => match.Groups[1].Value,
                match => int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture)
            );
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection($"{server};Database=postgres;Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"([a-z-]+) is up to date, (\d+) migrations applied")]
    private static partial Regex Applied();
}
