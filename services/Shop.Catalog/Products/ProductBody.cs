using System.Text.Json.Serialization;
using Shop.Catalog.Domain;
using Shop.ServiceDefaults.Text;

namespace Shop.Catalog.Products;

/// <summary>What an administrator sends to create or replace a product. A misspelt member is an error, not an omission.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProductBody(
    string? Name,
    string? Description,
    decimal? Price,
    string?[]? Categories,
    string? Currency = null,
    string? Image = null
)
{
    /// <summary>The details, tidied: no surrounding spaces, and the shop's currency when none is named.</summary>
    public ProductDetails ToDetails() =>
        new(
            UserText.Tidy(Name),
            UserText.Tidy(Description),
            Price ?? 0,
            Currency ?? ProductRules.Currency,
            [.. (Categories ?? []).Select(category => category ?? "")],
            Image
        );
}
