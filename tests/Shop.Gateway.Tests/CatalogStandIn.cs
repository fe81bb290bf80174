using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Gateway.Catalog.V1;
using Status = Grpc.Core.Status;

namespace Shop.Gateway.Tests;

/// <summary>A remote party that speaks <c>shop.catalog.v1.ProductService</c> over HTTP/2 as Catalog does, or fails on demand.</summary>
internal sealed class CatalogStandIn : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Product> products = new();
    private readonly WebApplication server;

    private CatalogStandIn(WebApplication server) => this.server = server;

    /// <summary>The setting by which a gateway finds it.</summary>
    public string Setting => $"services:catalog:grpc:0={server.Urls.Single()}";

    /// <summary>What was called, such as <c>GetProducts 2</c> for a batch of two.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>Every call fails like that; null when all is well.</summary>
    public RpcException? Failure { get; set; }

    public bool IsSilent { get; set; }

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
        catalog = new CatalogStandIn(builder.Build());
        catalog.server.MapGrpcService<Answers>();
        await catalog.server.StartAsync(TestContext.Current.CancellationToken);
        return catalog;
    }

    public Guid Add(string name, long units, int nanos, int stock = 5, string image = "")
    {
        var id = Guid.CreateVersion7();
        products[id.ToString()] = new Product
        {
            Id = id.ToString(),
            Name = name,
            Description = $"A {name} & more",
            Price = new Money
            {
                CurrencyCode = "USD",
                Units = units,
                Nanos = nanos,
            },
            Categories = { "home-office", "lamps" },
            Image = image,
            Stock = stock,
            Version = 3,
            StockVersion = 41,
        };
        return id;
    }

    public static RpcException Invalid(string field, string rule)
    {
        var request = new BadRequest();
        request.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = rule });
        return new Google.Rpc.Status
        {
            Code = (int)Code.InvalidArgument,
            Message = $"{field} {rule}",
            Details = { Any.Pack(request) },
        }.ToRpcException();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task HearAsync(string call, ServerCallContext context)
    {
        Calls.Enqueue(call);
        if (IsSilent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }

        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    private Product Find(string id) =>
        products.GetValueOrDefault(id) ?? throw new RpcException(new Status(StatusCode.NotFound, "There is none."));

    private sealed class Answers(CatalogStandIn catalog) : ProductService.ProductServiceBase
    {
        public override async Task<Product> GetProduct(GetProductRequest request, ServerCallContext context)
        {
            await catalog.HearAsync("GetProduct", context);
            return catalog.Find(request.ProductId);
        }

        public override async Task<GetProductsResponse> GetProducts(
            GetProductsRequest request,
            ServerCallContext context
        )
        {
            await catalog.HearAsync($"GetProducts {request.ProductIds.Count}", context);
            var found = request.ProductIds.Distinct().Where(catalog.products.ContainsKey);
            return new GetProductsResponse { Products = { found.Select(catalog.Find) } };
        }

        public override async Task<CheckAvailabilityResponse> CheckAvailability(
            CheckAvailabilityRequest request,
            ServerCallContext context
        )
        {
            await catalog.HearAsync($"CheckAvailability {request.Quantity}", context);
            var stock = catalog.Find(request.ProductId).Stock;
            return stock >= request.Quantity
                ? new CheckAvailabilityResponse { InStock = new InStock { Available = stock } }
                : new CheckAvailabilityResponse { OutOfStock = new OutOfStock { Available = stock } };
        }

        public override async Task<SearchProductsResponse> SearchProducts(
            SearchProductsRequest request,
            ServerCallContext context
        )
        {
            await catalog.HearAsync($"SearchProducts {request.PageSize}", context);
            return new SearchProductsResponse
            {
                Products = { catalog.products.Values.OrderBy(product => product.Id).Take(request.PageSize) },
                NextPageToken = "more",
            };
        }
    }
}
