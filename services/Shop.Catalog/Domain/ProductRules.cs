using System.Text.RegularExpressions;
using Shop.ServiceDefaults.Text;

namespace Shop.Catalog.Domain;

/// <summary>What must hold for a product to be sold, each rule under the name of the field it is about.</summary>
internal static partial class ProductRules
{
    public const int MaxNameLength = 200;
    public const int MaxDescriptionLength = 4000;
    public const int MaxCategories = 10;
    public const int MaxCategoryLength = 40;
    public const int MaxImageLength = 120;
    public const decimal MaxPrice = 1_000_000m;

    /// <summary>Orders add up prices, so there is one currency until somebody decides how to convert.</summary>
    public const string Currency = "USD";

    /// <summary>Returns the broken rules by field (camelCase); empty when the details are fine.</summary>
    public static Dictionary<string, string[]> Check(ProductDetails details)
    {
        var broken = new Dictionary<string, string[]>();
        Demand(broken, "name", UserText.WhyNot(details.Name, MaxNameLength));
        Demand(
            broken,
            "description",
            UserText.WhyNot(details.Description, MaxDescriptionLength, allowsLineBreaks: true)
        );
        Demand(broken, "price", Price(details.Price));
        Demand(
            broken,
            "currency",
            details.Currency == Currency ? null : $"must be {Currency}, the currency of this shop"
        );
        Demand(broken, "categories", Categories(details.Categories));
        Demand(broken, "image", Image(details.Image));
        return broken;
    }

    /// <summary>Whether a text can be a category: a slug such as <c>home-office</c>.</summary>
    public static bool IsCategory(string category) => category.Length <= MaxCategoryLength && Slug.IsMatch(category);

    private static string? Price(decimal price) =>
        price is <= 0 or > MaxPrice ? $"must be more than 0 and at most {MaxPrice:0}"
        : decimal.Round(price, 2) != price ? "must have at most two decimals"
        : null;

    private static string? Categories(IReadOnlyList<string> categories) =>
        categories.Count is 0 or > MaxCategories ? $"must name 1 to {MaxCategories} categories"
        : !categories.All(IsCategory)
            ? $"must be lower-case words joined by hyphens, each at most {MaxCategoryLength} characters, such as home-office"
        : categories.Distinct().Count() != categories.Count ? "must not name a category twice"
        : null;

    private static string? Image(string? image) =>
        image is null || (image.Length <= MaxImageLength && ImageFile.IsMatch(image))
            ? null
            : $"must be a file name of at most {MaxImageLength} lower-case letters, digits and hyphens that ends in .svg, .png, .jpg, .webp or .avif";

    private static void Demand(Dictionary<string, string[]> broken, string field, string? rule)
    {
        if (rule is not null)
        {
            broken.Add(field, [rule]);
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Slug { get; }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]*\.(svg|png|jpg|webp|avif)\z", RegexOptions.NonBacktracking)]
    private static partial Regex ImageFile { get; }
}
