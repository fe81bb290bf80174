using Shop.ServiceDefaults;

namespace Shop.Catalog.Products;

/// <summary>The routes of <c>/api/products</c>: everybody reads, administrators write.</summary>
internal static class ProductEndpoints
{
    public const string Path = "/api/products";

    private static readonly ProductBody Example = new(
        "Desk lamp",
        "Bright.",
        39.90m,
        ["home-office"],
        "USD",
        "desk-lamp.svg"
    );

    public static void MapProducts(this IEndpointRouteBuilder endpoints)
    {
        var products = endpoints.MapGroup(Path).WithTags("Products");

        var reads = products.MapGroup("").AllowAnonymous();
        reads.MapGet("", ListProducts.HandleAsync).WithName("ListProducts");
        reads.MapGet("{id:guid}", GetProduct.HandleAsync).WithName("GetProduct").TakesIfNoneMatch();
        reads.MapGet("{id:guid}/availability", CheckAvailability.HandleAsync).WithName("CheckAvailability");

        var writes = products.MapGroup("").RequireAuthorization(Policies.Admin);
        writes.MapPost("", CreateProduct.HandleAsync).WithName("CreateProduct").WithBodyExample(Example);
        writes
            .MapPut("{id:guid}", ChangeProduct.HandleAsync)
            .WithName("ChangeProduct")
            .TakesIfMatch(isRequired: true)
            .WithBodyExample(Example);
        writes
            .MapDelete("{id:guid}", DeleteProduct.HandleAsync)
            .WithName("DeleteProduct")
            .TakesIfMatch(isRequired: true);
    }
}
