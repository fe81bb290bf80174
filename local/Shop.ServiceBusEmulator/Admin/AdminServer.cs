using System.Text.Json.Serialization;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>A queue, topic or subscription and how many messages are in which state.</summary>
internal sealed record EntityCounts(string Name, int Total, int Active, int Locked, int Deferred, int Scheduled);

[JsonSerializable(typeof(IReadOnlyList<EntityCounts>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>A small HTTP page beside the broker: <c>/healthz</c>, and <c>/</c> with entities and counts as JSON.</summary>
internal static class AdminServer
{
    public static async Task<WebApplication> StartAsync(
        int port,
        Topology topology,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "Shop.ServiceBusEmulator" }
        );
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        app.MapGet("/healthz", () => Results.Text("Healthy"));
        app.MapGet("/", () => Results.Json(Counts(topology), AdminJson.Default.IReadOnlyListEntityCounts));
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static IReadOnlyList<EntityCounts> Counts(Topology topology) =>
        [
            .. topology
                .Entities.OrderBy(entity => entity.Name, StringComparer.OrdinalIgnoreCase)
                .Select(entity =>
                {
                    var counts = entity.Store.Count();
                    return new EntityCounts(
                        entity.Name,
                        counts.Total,
                        counts.Active,
                        counts.Locked,
                        counts.Deferred,
                        counts.Scheduled
                    );
                }),
        ];
}
