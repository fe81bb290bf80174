using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Shop.Bench;

/// <summary>
/// Compares a page with the API call behind it, both through the gateway and signed out. The two take turns, so that other
/// load on the machine affects both.
/// </summary>
internal static class StorefrontBench
{
    private const int Rounds = 5;
    private const string Product = "01900000-0000-7000-8000-000000100035";

    // The runtime recompiles hot code during this time.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(4);
    private static readonly int[] s_loads = [32, 1];

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var shop = await ShopUnderLoad.StartAsync(cancellationToken, Configure);
        var gateway = shop.Address("gateway");
        Target At(string path) => new(path[..Math.Min(path.Length, 17)], new Uri(gateway, path), token: null);
        (string Name, Target Page, Target Api)[] pairs =
        [
            ("a product", At($"/products/{Product}"), At($"/api/products/{Product}")),
            ("the catalogue", At("/products"), At("/api/search?pageSize=24")),
        ];
        Console.WriteLine(
            $"pages and the API they are made from, through the gateway on {Environment.ProcessorCount} cores, wrk included; services as in production, telemetry recorded and not exported"
        );
        foreach (var (_, page, api) in pairs)
        {
            await api.RunAsync(s_loads[0], s_warmUp, cancellationToken);
            await page.RunAsync(s_loads[0], s_warmUp, cancellationToken);
        }

        foreach (var connections in s_loads)
        foreach (var (name, page, api) in pairs)
        {
            api.Forget();
            page.Forget();
            for (var round = 0; round < Rounds; round++)
            {
                await api.RunAsync(connections, s_round, cancellationToken);
                await page.RunAsync(connections, s_round, cancellationToken);
            }

            Console.WriteLine(
                $"{name}, {connections} {(connections == 1 ? "connection" : "connections")}, the median of {Rounds} rounds of {s_round.TotalSeconds:0} s"
            );
            api.Report(isLow: connections == 1, api);
            page.Report(isLow: connections == 1, api);
            Console.WriteLine($"  the page's throughput is {page.PerSecond / api.PerSecond:0.00} of the API's");
        }

        return 0;
    }

    private static void Configure(IDistributedApplicationTestingBuilder builder)
    {
        string[] asked = ["catalog", "search", "inventory", "gateway"];
        foreach (var service in builder.Resources.OfType<ProjectResource>().Where(one => asked.Contains(one.Name)))
        {
            builder
                .CreateResourceBuilder(service)
                .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Production")
                .WithEnvironment("DOTNET_ENVIRONMENT", "Production");
        }
    }
}
