using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Shop.Bench;

/// <summary>
/// What the gateway costs: the same request of the same user straight to the catalogue, through nginx, which only passes it
/// on, and through the gateway, which authenticates the user and counts the request. In turns, so that what else the machine
/// does hits all three.
/// </summary>
internal static class GatewayBench
{
    private const string Product = "/api/products/01900000-0000-7000-8000-000000100035";
    private const int Rounds = 7;

    // Until then the run time compiles the code anew.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(4);
    private static readonly int[] s_highLoads = [128, 32];
    private static readonly int[] s_lowLoads = [1, 4];
    private static readonly string[] s_needed = ["postgres", "cache", "messaging", "users", "catalog", "gateway"];

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var shop = await ShopUnderLoad.StartAsync(cancellationToken, Configure);
        var token = await SignInAsync(shop, cancellationToken);
        await using var nginx = await Nginx.StartAsync(shop.Address("catalog"), cancellationToken);
        var targets = new List<Target> { At("catalogue itself", shop.Address("catalog")) };
        if (nginx is not null)
            targets.Add(At("nginx", nginx.Address));
        targets.Add(At("gateway", shop.Address("gateway")));
        Target At(string name, Uri address) => new(name, new Uri(address, Product), token);
        Console.WriteLine(
            $"GET {Product} with a token on {Environment.ProcessorCount} cores, wrk included; the service and the gateway as in production, telemetry recorded and not exported"
        );
        await DescribeLimitAsync(shop, token, cancellationToken);

        foreach (var target in targets) // pays for compilation, connections and the cached product
            await target.RunAsync(s_highLoads[0], s_warmUp, cancellationToken);

        foreach (var connections in s_highLoads)
        {
            targets.ForEach(target => target.Forget());
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var target in targets)
                    await target.RunAsync(connections, s_round, cancellationToken);
            }

            Console.WriteLine(
                $"{connections} connections, the median of {Rounds} rounds of {s_round.TotalSeconds:0} s"
            );
            targets.ForEach(target => target.Report(isLow: false, targets[0]));
            foreach (var other in targets.SkipLast(1))
                Console.WriteLine(
                    $"  the gateway's throughput is {targets[^1].PerSecond / other.PerSecond:0.00} of {other.Name}'s"
                );
        }

        foreach (var connections in s_lowLoads)
        {
            targets.ForEach(target => target.Forget());
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var target in targets)
                    await target.RunAsync(connections, s_round / 2, cancellationToken);
            }

            Console.WriteLine(
                $"{connections} {(connections == 1 ? "connection" : "connections")}, the median of {Rounds} rounds of {s_round.TotalSeconds / 2:0} s"
            );
            targets.ForEach(target => target.Report(isLow: true, targets[0]));
        }

        return 0;
    }

    private static void Configure(IDistributedApplicationTestingBuilder builder)
    {
        foreach (var resource in builder.Resources.OfType<IResourceWithEndpoints>())
        {
            if (!s_needed.Contains(resource.Name))
                builder.CreateResourceBuilder(resource).WithExplicitStart();
        }

        foreach (
            var service in builder.Resources.OfType<ProjectResource>().Where(one => one.Name is "catalog" or "gateway")
        )
        {
            builder
                .CreateResourceBuilder(service)
                .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Production")
                .WithEnvironment("DOTNET_ENVIRONMENT", "Production")
                .WithEnvironment(context => context.EnvironmentVariables.Remove("DOTNET_TieredPGO"));
        }
    }

    private static async Task<string> SignInAsync(ShopUnderLoad shop, CancellationToken cancellationToken)
    {
        using var gateway = shop.Http("gateway");
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "password",
                ["client_id"] = "shop-cli",
                ["scope"] = "shop",
                ["username"] = "customer@shop.test",
                ["password"] = "Pa55-word!",
            }
        );
        while (true)
        {
            using var response = await gateway.PostAsync(
                new Uri("/connect/token", UriKind.Relative),
                form,
                cancellationToken
            );
            // The very first may take longer than the gateway waits where the machine is busy.
            if (response.StatusCode == HttpStatusCode.GatewayTimeout)
                continue;
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return answer.GetProperty("access_token").GetString()!;
        }
    }

    private static async Task DescribeLimitAsync(ShopUnderLoad shop, string token, CancellationToken cancellationToken)
    {
        using var gateway = shop.Http("gateway");
        using var request = new HttpRequestMessage(HttpMethod.Get, Product);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await gateway.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        Console.WriteLine(
            $"the gateway counts every request of the user in the cache; the budget is raised to {response.Headers.GetValues("RateLimit-Limit").Single()}, so that it refuses none"
        );
    }
}
