using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Ordering.Catalog.V1;

namespace Shop.Ordering.Tests.Support;

/// <summary>A remote party that answers gRPC's GetProducts over HTTP/2 as Catalog does, or fails on demand.</summary>
internal sealed class CatalogStandIn : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Product> _products = new();
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
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2)
        );
        CatalogStandIn? catalog = null;
        builder.Services.AddSingleton(_ => new Answers(catalog!));
        var server = builder.Build();
        catalog = new CatalogStandIn(server);
        server.MapGrpcService<Answers>();
        await server.StartAsync();
        return catalog;
    }

    public Guid Add(decimal price, string name = "Lamp", string currency = "USD", int stock = 100)
    {
        var id = Guid.CreateVersion7();
        _products[id.ToString()] = new Product
        {
            Id = id.ToString(),
            Name = name,
            Price = MoneyOf(price, currency),
            Stock = stock,
        };
        return id;
    }

    public void SetPrice(Guid id, decimal price)
    {
        var product = _products[id.ToString()].Clone();
        product.Price = MoneyOf(price, product.Price.CurrencyCode);
        _products[id.ToString()] = product;
    }

    public void Remove(Guid id) => _products.Remove(id.ToString(), out _);

    private static Money MoneyOf(decimal price, string currency)
    {
        var units = decimal.Truncate(price);
        return new Money
        {
            CurrencyCode = currency,
            Units = (long)units,
            Nanos = (int)((price - units) * 1_000_000_000m),
        };
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private sealed class Answers(CatalogStandIn catalog) : ProductService.ProductServiceBase
    {
        public override Task<GetProductsResponse> GetProducts(GetProductsRequest request, ServerCallContext context)
        {
            Interlocked.Increment(ref catalog._calls);
            if (catalog.IsDown)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "The catalogue cannot reach its data."));
            }

            var found = request.ProductIds.Distinct().Where(catalog._products.ContainsKey);
            return Task.FromResult(
                new GetProductsResponse { Products = { found.Select(id => catalog._products[id]) } }
            );
        }
    }
}
