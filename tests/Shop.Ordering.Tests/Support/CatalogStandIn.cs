using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shop.Ordering.Tests.Support;

/// <summary>A remote party that answers <c>GET /api/products?ids=</c> over HTTP as Catalog does, or fails on demand.</summary>
internal sealed class CatalogStandIn : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, object> _products = new();
    private readonly WebApplication _server;
    private int _calls;

    private CatalogStandIn(WebApplication server) => _server = server;

    public string Url => _server.Urls.First();
    public int Calls => _calls;
    public bool IsDown { get; set; }

    public static async Task<CatalogStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var catalog = new CatalogStandIn(server);
        server.MapGet("/api/products", catalog.Answer);
        await server.StartAsync();
        return catalog;
    }

    public Guid Add(decimal price, string name = "Lamp", string currency = "USD")
    {
        var id = Guid.CreateVersion7();
        // More members than Ordering reads, as in life.
        _products[id] = new
        {
            id,
            name,
            price,
            currency,
            stock = 5,
            categories = new[] { "home" },
        };
        return id;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private IResult Answer(string ids)
    {
        Interlocked.Increment(ref _calls);
        if (IsDown)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        var items = ids.Split(',').Select(Guid.Parse).Where(_products.ContainsKey).Select(id => _products[id]).ToList();
        return Results.Ok(
            new
            {
                items,
                page = 1,
                pageSize = 100,
                total = items.Count,
            }
        );
    }
}
