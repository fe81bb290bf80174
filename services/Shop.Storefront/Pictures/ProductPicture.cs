using System.Globalization;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Storefront.Api;

namespace Shop.Storefront.Pictures;

/// <summary>Draws a product's picture from its name and category: the same product always looks the same.</summary>
internal static class ProductPicture
{
    /// <summary>Where a product's picture is.</summary>
    public static string AddressOf(Product product) =>
        AddressIn(product.Id, product.Categories.Count > 0 ? product.Categories[0] : "other");

    /// <summary>The same where only the product's name is known.</summary>
    public static string AddressOf(Guid id, string name) => AddressIn(id, name.Length > 0 ? "other" : "other");

    private static string AddressIn(Guid id, string category) => $"/pictures/{category}/{id}.svg";

    public static void MapPictures(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/pictures/{category}/{id:guid}.svg", Handle).AllowAnonymous();

    private static ContentHttpResult Handle(string category, Guid id, HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return TypedResults.Text(Draw(category, id), "image/svg+xml", Encoding.UTF8);
    }

    private static string Draw(string category, Guid id)
    {
        var hue = (uint)id.GetHashCode() % 360;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" role="img" aria-label="{HttpUtility.HtmlAttributeEncode(
                category
            )}">
            <rect width="400" height="300" fill="hsl({hue} 30% 88%)"/>
            <circle cx="200" cy="150" r="80" fill="hsl({hue} 35% 45%)"/>
            </svg>
            """
        );
    }
}
