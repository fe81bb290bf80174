using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Search.Catalog.V1;

namespace Shop.Search.Tests;

/// <summary>A remote party that answers SearchProducts over gRPC as Catalog does: two products a page, in the order of their ids.</summary>
internal sealed class CatalogStandIn : IAsyncDisposable
{
    private const int PageSize = 2;

    private readonly List<Product> products = [];
    private readonly WebApplication server;

    private CatalogStandIn(WebApplication server) => this.server = server;

    public string Url => server.Urls.First();

    /// <summary>Happens before each page is answered.</summary>
    public Func<Task> BeforePage { get; set; } = () => Task.CompletedTask;

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

    public Guid Add(string name, int version = 1, int stock = 3, long stockVersion = 1, Guid? id = null)
    {
        var product = id ?? Guid.CreateVersion7();
        products.Add(
            new Product
            {
                Id = product.ToString(),
                Name = name,
                Description = "From the snapshot.",
                Price = new Money
                {
                    CurrencyCode = "USD",
                    Units = 19,
                    Nanos = 900_000_000,
                },
                Categories = { "home" },
                Stock = stock,
                Version = version,
                StockVersion = stockVersion,
            }
        );
        return product;
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private sealed class Answers(CatalogStandIn catalog) : ProductService.ProductServiceBase
    {
        public override async Task<SearchProductsResponse> SearchProducts(
            SearchProductsRequest request,
            ServerCallContext context
        )
        {
            await catalog.BeforePage();
            var page = catalog
                .products.OrderBy(product => product.Id, StringComparer.Ordinal)
                .Where(product => string.CompareOrdinal(product.Id, request.PageToken) > 0)
                .Take(PageSize)
                .ToList();
            return new SearchProductsResponse
            {
                Products = { page },
                NextPageToken = page.Count < PageSize ? "" : page[^1].Id,
            };
        }
    }
}
