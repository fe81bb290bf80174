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

    /// <summary>Calls are heard, and answered only when this has come; null when at once.</summary>
    public TaskCompletionSource? Held { get; set; }

    /// <summary>Calls that ask for this product fail.</summary>
    public Guid? Cursed { get; set; }

    /// <summary>What a batch cannot read with the others.</summary>
    public Guid? Unreachable { get; set; }

    /// <summary>Calls that their callers gave up.</summary>
    public ConcurrentQueue<string> GivenUp { get; } = [];

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

    public Guid Add(string name, long units = 1, int nanos = 0, int stock = 5, string image = "")
    {
        var id = Guid.CreateVersion7();
        Put(id, name, units, nanos, stock, image);
        return id;
    }

    public void Put(Guid id, string name, long units = 1, int nanos = 0, int stock = 5, string image = "") =>
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
        if (Held is { } held)
        {
            try
            {
                await held.Task.WaitAsync(context.CancellationToken);
            }
            catch (OperationCanceledException)
            {
                GivenUp.Enqueue(call);
                throw;
            }
        }

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
            // As it is when the call comes, and not when it is answered.
            var asked = request.ProductIds.Distinct().ToLookup(id => id == catalog.Unreachable?.ToString());
            var answer = new GetProductsResponse
            {
                Products = { asked[false].Where(catalog.products.ContainsKey).Select(catalog.Find) },
                Unreachable = { asked[true] },
            };
            await catalog.HearAsync($"GetProducts {request.ProductIds.Count}", context);
            return request.ProductIds.Contains($"{catalog.Cursed}")
                ? throw new RpcException(new Status(StatusCode.DataLoss, "cursed"))
                : answer;
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
