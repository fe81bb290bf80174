using Aspire.Hosting.Testing;
using Npgsql;

namespace Shop.AppHost.Tests;

public sealed class SystemTests(RunningShop shop)
{
    [Fact]
    public async Task The_catalogue_is_seeded_with_at_least_60_products_that_are_in_stock()
    {
        var page = await shop.Client.GetAsync("/api/products?page=1&pageSize=100");

        Assert.True(
            page.GetProperty("total").GetInt32() >= 60,
            $"Only {page.GetProperty("total")} products are seeded."
        );
        Assert.True(
            page.GetProperty("items").EnumerateArray().Count(product => product.GetProperty("stock").GetInt32() > 0)
                >= 60,
            "Fewer than 60 products are in stock."
        );
    }

    [Theory]
    [InlineData("catalog")]
    [InlineData("ordering")]
    [InlineData("inventory")]
    [InlineData("payments")]
    [InlineData("users")]
    [InlineData("search")]
    [InlineData("billing")]
    [InlineData("notifications")]
    [InlineData("storefront")]
    [InlineData("gateway")]
    public async Task Every_service_tells_that_it_lives_and_what_it_depends_on(string service)
    {
        using var http = shop.Application.CreateHttpClient(service, "http");

        using var alive = await http.GetAsync(
            new Uri("/healthz", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        var ready = await http.GetStringAsync(
            new Uri("/ready", UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        Assert.True(alive.IsSuccessStatusCode);
        Assert.Contains("\"ready\":true", ready.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_login_of_a_service_is_refused_by_the_database_of_every_other(string own)
    {
        foreach (var other in Databases.Select(row => row.Data).Where(name => name != own))
        {
            var connectionString = new NpgsqlConnectionStringBuilder(await shop.GetConnectionStringAsync(own))
            {
                Database = other,
                Pooling = false,
            };
            await using var connection = new NpgsqlConnection(connectionString.ConnectionString);

            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                connection.OpenAsync(TestContext.Current.CancellationToken)
            );

            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    public static TheoryData<string> Databases =>
        new(
            "usersdb",
            "catalogdb",
            "searchdb",
            "orderingdb",
            "inventorydb",
            "paymentsdb",
            "billingdb",
            "notificationsdb",
            "storefrontdb"
        );
}
