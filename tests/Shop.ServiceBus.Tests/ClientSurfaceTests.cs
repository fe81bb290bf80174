using System.Reflection;
using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

/// <summary>What is written against local/ must compile against the genuine packages: local/ offers a subset of them.</summary>
public sealed class ClientSurfaceTests
{
    [Fact]
    public async Task The_service_bus_client_offers_only_what_the_official_one_offers() =>
        AssertSubset(typeof(ServiceBusClient).Assembly, await OfficialAsync());

    [Fact]
    public async Task The_postgres_component_offers_only_what_the_official_one_offers() =>
        AssertSubset(typeof(NpgsqlEntityFrameworkCorePostgreSQLSettings).Assembly, await OfficialAsync());

    private static void AssertSubset(Assembly assembly, HashSet<string> official)
    {
        var surface = ClientSurface.Of(assembly).ToList();
        Assert.NotEmpty(surface);
        var own = surface.Where(member => !official.Contains(member)).Order().ToList();
        Assert.True(own.Count == 0, $"Not in the official API:\n{string.Join('\n', own)}");
    }

    private static async Task<HashSet<string>> OfficialAsync()
    {
        await using var stream = typeof(ClientSurfaceTests).Assembly.GetManifestResourceStream("official-api.txt")!;
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(line => !line.StartsWith('#')),
        ];
    }
}
