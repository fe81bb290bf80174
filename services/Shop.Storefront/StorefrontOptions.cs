using Shop.ServiceDefaults;

namespace Shop.Storefront;

/// <summary>The configuration section <c>Storefront</c>.</summary>
internal sealed class StorefrontOptions
{
    public const string Section = "Storefront";

    /// <summary>
    /// Where the Aspire dashboard is, such as <c>http://localhost:18888</c>: pages for staff link to an order's trace there.
    /// Without it they show the trace's id alone.
    /// </summary>
    public string? DashboardAddress { get; set; }

    /// <summary>How long a basket is kept after its last change.</summary>
    [Positive]
    public TimeSpan BasketLifetime { get; set; } = TimeSpan.FromDays(60);
}

/// <summary>The configuration section <c>Identity</c>, as far as the storefront needs it.</summary>
internal sealed class IssuerOptions
{
    public const string Section = "Identity";

    /// <summary>The shop's public address, under which people see these pages and which issues the tokens.</summary>
    [RequiredOutsideDevelopment("the gateway's public address")]
    public string? Issuer { get; set; }

    /// <summary>The same with a slash at its end; in Development <c>http://localhost:8080/</c> unless it is set.</summary>
    public Uri PublicAddress => new((Issuer ?? "http://localhost:8080").TrimEnd('/') + "/");
}
