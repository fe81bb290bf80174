using System.Text.Json;
using GraphQL;
using GraphQL.Transport;
using GraphQL.Types;
using Microsoft.AspNetCore.Mvc;
using Shop.ServiceDefaults;

namespace Shop.Gateway.GraphQL;

/// <summary>
/// <c>POST /graphql</c>: products, orders and invoices in one question, as in the draft "GraphQL over HTTP": 200 once a query is carried out, even if fields of it failed, and
/// 400 for one that is not a valid query or costs too much.
/// </summary>
internal static class GraphQLEndpoint
{
    private const string Path = "/graphql";
    private const int MaxBodyBytes = 64 * 1024;
    private const int MostMistakes = 10;
    private const string Json = "application/json; charset=utf-8";
    private const string GraphQLJson = "application/graphql-response+json";

    public static void MapShopGraphQL(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            // Tools read the whole schema at once.
            endpoints.ServiceProvider.GetRequiredService<ISchema>().WithIntrospectionComplexityImpact(0);
        }

        endpoints
            .MapPost(Path, HandleAsync)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
            .WithName("GraphQL")
            .WithSummary("Ask with GraphQL")
            .WithTags("GraphQL")
            .Accepts<GraphQLQuestion>("application/json")
            .Produces<GraphQLAnswer>(StatusCodes.Status200OK, "application/json", GraphQLJson)
            .Produces<GraphQLAnswer>(StatusCodes.Status400BadRequest, "application/json", GraphQLJson)
            .WithBodyExample(GraphQLQuestion.Example)
            .AllowAnonymous();

        // Another content type would fall through to the route of pages.
        endpoints
            .MapPost(Path, () => TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType))
            .WithOrder(1)
            .ExcludeFromDescription()
            .AllowAnonymous();
    }

    private static async Task<IResult> HandleAsync(
        HttpContext http,
        IDocumentExecuter executer,
        ISchema schema,
        IGraphQLSerializer serializer,
        CancellationToken cancellationToken
    )
    {
        if (!http.Request.HasJsonContentType())
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        var request = await ReadAsync(http.Request, serializer, cancellationToken);
        if (string.IsNullOrWhiteSpace(request?.Query))
        {
            return Problems.Validation(new Dictionary<string, string[]> { ["query"] = ["must be a GraphQL query"] });
        }

        var result = await executer.ExecuteAsync(options =>
        {
            options.Schema = schema;
            options.Query = request.Query;
            options.OperationName = request.OperationName;
            options.Variables = request.Variables;
            options.RequestServices = http.RequestServices;
            options.User = http.User;
            options.CancellationToken = cancellationToken;
        });

        if (!result.Executed && result.Errors is { Count: > MostMistakes } mistakes)
        {
            // A short query can have thousands, and each is told at length.
            result.Errors = [.. mistakes.Take(MostMistakes)];
        }

        http.Response.StatusCode = result.Executed ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        http.Response.ContentType = http
            .Request.Headers.Accept.ToString()
            .Contains(GraphQLJson, StringComparison.OrdinalIgnoreCase)
            ? GraphQLJson
            : Json;
        http.Response.Headers.CacheControl = "private, no-store";
        await serializer.WriteAsync(http.Response.Body, result, cancellationToken);
        return Results.Empty;
    }

    private static async Task<GraphQLRequest?> ReadAsync(
        HttpRequest request,
        IGraphQLSerializer serializer,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await serializer.ReadAsync<GraphQLRequest>(request.Body, cancellationToken);
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException(
                "The body is not a GraphQL request.",
                StatusCodes.Status400BadRequest,
                exception
            );
        }
    }
}
