using System.Globalization;
using Shop.Storefront.Api;

namespace Shop.Storefront.Pages.Staff;

/// <summary>A product as it is typed. The API has the rules.</summary>
public sealed class ProductForm
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    public string? Price { get; set; }

    /// <summary>Slugs, separated by commas.</summary>
    public string? Categories { get; set; }

    public string? Image { get; set; }

    /// <summary>The version that the change is about.</summary>
    public string? ETag { get; set; }

    public static ProductForm Of(Product product, string? etag) =>
        new()
        {
            Name = product.Name,
            Description = product.Description,
            Price = product.Price.ToString("0.00", CultureInfo.InvariantCulture),
            Categories = string.Join(", ", product.Categories),
            Image = product.Image,
            ETag = etag,
        };

    /// <summary>The request's body; null with a problem when the price is no number.</summary>
    public (object? Body, ApiProblem? Problem) ToBody()
    {
        if (
            !decimal.TryParse(
                Price?.Trim(),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var price
            )
        )
        {
            return (null, ApiProblem.Invalid("price", "Must be a number, such as 39.90."));
        }

        var body = new
        {
            name = Name,
            description = Description,
            price,
            categories = (Categories ?? "").Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            ),
            image = Trimmed.OrNull(Image),
        };
        return (body, null);
    }

    /// <summary>What differs: the field, this form's text, and the other's.</summary>
    public IEnumerable<(string Field, string? Mine, string? Other)> Differences(ProductForm other)
    {
        (string Field, string? Mine, string? Other)[] all =
        [
            ("Name", Name, other.Name),
            ("Description", Description?.ReplaceLineEndings("\n"), other.Description),
            ("Price", Price, other.Price),
            ("Categories", Categories, other.Categories),
            ("Picture file", Trimmed.OrNull(Image), other.Image),
        ];
        return all.Where(field => field.Mine?.Trim() != field.Other);
    }
}
