using Microsoft.Extensions.Options;
using Shop.Storefront.Session;

namespace Shop.Storefront.Baskets;

/// <summary>Whose basket this request is about: the user's, or that of an anonymous browser, known by a cookie.</summary>
internal sealed class CurrentBasket(
    SignedInUser user,
    IHttpContextAccessor accessor,
    IHostEnvironment environment,
    IOptions<StorefrontOptions> options
)
{
    private HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("There is no request.");

    private string CookieName => environment.IsDevelopment() ? "shop.basket" : "__Host-shop.basket";

    /// <summary>The basket's id; null when an anonymous visitor has none yet.</summary>
    public Guid? Id => user.Id ?? AnonymousId;

    /// <summary>The anonymous browser's basket, whoever is signed in.</summary>
    public Guid? AnonymousId => Guid.TryParse(Http.Request.Cookies[CookieName], out var id) ? id : null;

    /// <summary>The basket's id; an anonymous visitor gets one.</summary>
    public Guid GetOrCreateId()
    {
        if (Id is { } known)
        {
            return known;
        }

        var id = Guid.NewGuid();
        Http.Response.Cookies.Append(CookieName, id.ToString(), Cookie(options.Value.BasketLifetime));
        return id;
    }

    /// <summary>Forgets the anonymous basket, which is the user's now.</summary>
    public void ForgetAnonymous() => Http.Response.Cookies.Delete(CookieName, Cookie(maxAge: null));

    private CookieOptions Cookie(TimeSpan? maxAge) =>
        new()
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = maxAge,
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = !environment.IsDevelopment(),
        };
}

internal static class BasketSetup
{
    public static void AddBaskets(this IServiceCollection services)
    {
        services.AddSingleton<BasketStore>();
        services.AddScoped<CurrentBasket>();
    }
}
