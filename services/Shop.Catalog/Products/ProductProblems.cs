using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ServiceDefaults;

namespace Shop.Catalog.Products;

/// <summary>What only a request about a product can get wrong.</summary>
internal static class ProductProblems
{
    public static ProblemHttpResult NotFound(Guid id) =>
        Problems.NotFound($"No product has the id {id}. GET {ProductEndpoints.Path} lists those there are.");

    public static ProblemHttpResult PreconditionRequired() =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status428PreconditionRequired,
            type: Problems.TypeUri("precondition-required"),
            title: "The request must say which version of the product it is about",
            detail: "GET the product and send its ETag in the header If-Match."
        );

    public static ProblemHttpResult PreconditionFailed() =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status412PreconditionFailed,
            type: Problems.TypeUri("product-changed-meanwhile"),
            title: "Somebody changed the product meanwhile",
            detail: "GET the product again, apply the change to what it is now, and send its new ETag in the header If-Match."
        );
}
