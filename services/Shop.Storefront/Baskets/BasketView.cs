using Shop.Storefront.Api;

namespace Shop.Storefront.Baskets;

/// <summary>A basket as a page shows it: what was put there, and what it costs now.</summary>
public sealed class BasketView
{
    private BasketView(IReadOnlyList<BasketViewLine> lines, ApiResult<Quote>? quote) => (Lines, Quote) = (lines, quote);

    /// <summary>Nothing, and what a page has before it has read the basket.</summary>
    public static BasketView Empty { get; } = new([], null);

    /// <summary>The lines, in the order in which they were put there.</summary>
    public IReadOnlyList<BasketViewLine> Lines { get; }

    /// <summary>The prices of now; null for an empty basket.</summary>
    public ApiResult<Quote>? Quote { get; }

    /// <summary>Whether it can be ordered as it is.</summary>
    public bool CanBeOrdered =>
        Lines.Count > 0 && Quote is { IsOk: true } && Lines.All(line => line.IsAvailable && !line.PriceChanged);

    /// <summary>Reads the basket and its prices.</summary>
    /// <param name="baskets">Where it is stored.</param>
    /// <param name="api">Knows the prices.</param>
    /// <param name="basketId">Whose it is; null for nobody's.</param>
    /// <param name="region">Where the order would go; null when that is not known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<BasketView> ReadAsync(
        BasketStore baskets,
        ShopApi api,
        Guid? basketId,
        string? region,
        CancellationToken cancellationToken
    )
    {
        var stored = basketId is { } id ? await baskets.GetAsync(id, cancellationToken) : [];
        if (stored.Count == 0)
        {
            return Empty;
        }

        var quote = await api.SendAsync<Quote>(
            HttpMethod.Post,
            "api/orders/quote",
            new QuoteRequest([.. stored.Select(line => new QuoteRequestLine(line.ProductId, line.Quantity))], region),
            cancellationToken: cancellationToken
        );
        var quoted = quote.Value?.Items.ToDictionary(line => line.ProductId);
        return new BasketView(
            [
                .. stored.Select(line => new BasketViewLine(
                    line.ProductId,
                    line.Name,
                    line.Quantity,
                    line.SeenPrice,
                    line.Currency,
                    quoted?.GetValueOrDefault(line.ProductId)
                )),
            ],
            quote
        );
    }

    private sealed record QuoteRequest(IReadOnlyList<QuoteRequestLine> Items, string? Region);

    private sealed record QuoteRequestLine(Guid ProductId, int Quantity);
}

/// <summary>A line of a basket.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="StoredName">Its name when it was put there.</param>
/// <param name="Quantity">How many pieces.</param>
/// <param name="SeenPrice">The price that the shopper saw.</param>
/// <param name="Currency">The price's currency.</param>
/// <param name="Now">What it costs now; null when that is not known.</param>
public sealed record BasketViewLine(
    Guid ProductId,
    string StoredName,
    int Quantity,
    decimal SeenPrice,
    string Currency,
    QuoteLine? Now
)
{
    /// <summary>Its name now, if it has one.</summary>
    public string Name => Now?.Name ?? StoredName;

    /// <summary>The price now, or the one that was seen.</summary>
    public decimal Price => Now?.UnitPrice ?? SeenPrice;

    /// <summary>Whether it costs something else than the shopper has seen.</summary>
    public bool PriceChanged => Now?.UnitPrice is { } price && price != SeenPrice;

    /// <summary>Whether the shop no longer sells it.</summary>
    public bool IsGone => Now is { UnitPrice: null };

    /// <summary>Whether there are enough pieces.</summary>
    public bool IsAvailable => Now is { IsAvailable: true };
}
