using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Storefront.Api;

namespace Shop.Storefront.Search;

/// <summary><c>GET /suggest?q=</c>: names of products while somebody types, for the search field's script.</summary>
internal static class SuggestionEndpoint
{
    public static void MapSuggestions(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/suggest", HandleAsync).AllowAnonymous();

    private static async Task<Ok<Suggestions>> HandleAsync(string? q, ShopApi api, CancellationToken cancellationToken)
    {
        // A search field that suggests nothing still searches.
        var found = await api.GetAsync<Suggestions>(
            $"api/search/suggest?q={Uri.EscapeDataString(q ?? "")}",
            cancellationToken
        );
        return TypedResults.Ok(found.Value ?? new Suggestions([]));
    }
}
