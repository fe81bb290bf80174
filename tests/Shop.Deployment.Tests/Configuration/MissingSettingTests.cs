namespace Shop.Deployment.Tests.Configuration;

/// <summary>Every process refuses to serve without what it needs, and says which settings.</summary>
public sealed class MissingSettingTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string, string[]> Processes =>
        new()
        {
            { "Shop.Gateway", "gateway", ["Identity:Issuer"] },
            {
                "services/Shop.Users",
                "users",
                [
                    "ConnectionStrings:messaging",
                    "ConnectionStrings:usersdb",
                    "Identity:Issuer",
                    "Identity:KeyEncryptionKey",
                ]
            },
            { "services/Shop.Catalog", "catalog", Common("catalog") },
            { "services/Shop.Search", "search", Common("search") },
            { "services/Shop.Ordering", "ordering", Common("ordering") },
            { "services/Shop.Inventory", "inventory", Common("inventory") },
            { "services/Shop.Payments", "payments", Common("payments") },
            { "services/Shop.Billing", "billing", Common("billing") },
            { "services/Shop.Storefront", "storefront", ["ConnectionStrings:storefrontdb", "Identity:Issuer"] },
            { "services/Shop.Notifications", "notifications", [.. Common("notifications"), "ConnectionStrings:mail"] },
        };

    [Theory]
    [MemberData(nameof(Processes))]
    public async Task A_process_without_its_settings_ends_with_one_sentence_for_each(
        string folder,
        string name,
        string[] settings
    )
    {
        await using var process = ServiceProcess.Start(folder, []);

        var exitCode = await process.WaitForExitAsync(s_limit);
        var lines = (await process.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(1, exitCode);
        Assert.All(lines, line => Assert.Matches($@"^{name} does not start: set [A-Za-z:-]+ to [^\n]+\.$", line));
        Assert.Equal(
            settings.Order(StringComparer.Ordinal),
            lines.Select(line => line.Split(' ')[5]).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("--Inventory:ReservationLifetime=soon", "Inventory:ReservationLifetime must be a time")]
    [InlineData("--Inventory:ReservationLifetime=00:00:00", "Inventory:ReservationLifetime must be more than 0.")]
    [InlineData("--Messaging:Transport=Pigeon", "Messaging:Transport is 'Pigeon'; it takes")]
    [InlineData("--Shutdown:DrainDelay=-00:00:01", "Shutdown:DrainDelay must be 0 or more.")]
    public async Task A_value_that_cannot_be_is_refused_with_its_rule(string argument, string expected)
    {
        await using var process = ServiceProcess.Start(
            "services/Shop.Inventory",
            [
                new("ConnectionStrings__inventorydb", "Host=127.0.0.1;Port=1;Database=none"),
                new("ConnectionStrings__messaging", "Endpoint=sb://none.test/"),
                new("Identity__Issuer", "https://shop.example/"),
            ],
            argument
        );

        var exitCode = await process.WaitForExitAsync(s_limit);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            "inventory does not start: " + expected,
            Assert.Single((await process.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    private static string[] Common(string service) =>
        [$"ConnectionStrings:{service}db", "ConnectionStrings:messaging", "Identity:Issuer"];
}
