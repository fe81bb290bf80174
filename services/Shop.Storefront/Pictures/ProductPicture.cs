using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Storefront.Api;

namespace Shop.Storefront.Pictures;

/// <summary>
/// Draws a product's picture. The motif comes from its name and categories and is in the address; the colours and the shape
/// behind it come from its id. So the same product always looks the same, and no product has to be looked up for a picture.
/// </summary>
internal static class ProductPicture
{
    private static readonly string[] Backdrops =
    [
        """<circle cx="200" cy="150" r="122" """,
        """<path d="M92 300V142a108 108 0 0 1 216 0v158Z" """,
        """<rect x="88" y="38" width="224" height="224" rx="48" transform="rotate(-8 200 150)" """,
    ];

    /// <summary>Where a product's picture is.</summary>
    public static string AddressOf(Product product) => AddressOf(product.Id, product.Name, product.Categories);

    /// <summary>The same for a place that knows no categories, such as a basket or an order.</summary>
    public static string AddressOf(Guid id, string name) => AddressOf(id, name, categories: []);

    public static void MapPictures(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/pictures/{motif}/{id:guid}.svg", Handle).AllowAnonymous();

    /// <summary>The picture as SVG. An unknown motif is drawn as the generic one, and nothing of its name is in the picture.</summary>
    public static string Draw(string motif, Guid id)
    {
        var hash = Hash(id);
        var palette = Palette.Of(hash);
        var backdrop = Backdrops[hash / 16 % Backdrops.Length];
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">
            <rect width="400" height="300" fill="{palette.Background}"/>
            {backdrop}fill="{palette.Backdrop}"/>
            <ellipse cx="200" cy="245" rx="96" ry="9" fill="{palette.Deep}" opacity=".16"/>
            <g transform="translate(90 60) scale(2.2)" stroke-linecap="round" stroke-linejoin="round">
            {palette.Colour(Motif.Drawing(motif))}
            </g>
            </svg>
            """;
    }

    private static string AddressOf(Guid id, string name, IReadOnlyList<string> categories) =>
        string.Create(CultureInfo.InvariantCulture, $"/pictures/{MotifChoice.Of(name, categories)}/{id}.svg");

    private static ContentHttpResult Handle(string motif, Guid id, HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return TypedResults.Text(Draw(motif, id), "image/svg+xml", Encoding.UTF8);
    }

    // FNV-1a. Guid.GetHashCode promises nothing about the next process.
    private static uint Hash(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        var hash = 2166136261;
        foreach (var part in bytes)
        {
            hash = (hash ^ part) * 16777619;
        }

        return hash ^ (hash >> 15);
    }
}
