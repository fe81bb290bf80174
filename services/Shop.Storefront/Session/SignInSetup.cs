using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Shop.Storefront.Data;

namespace Shop.Storefront.Session;

/// <summary>
/// The storefront as a backend for the browser: OpenID Connect's code flow with PKCE, tokens that stay on the server, and a
/// cookie that only the storefront's own pages accept.
/// </summary>
internal static class SignInSetup
{
    public const string CookieScheme = "Storefront";
    public const string OpenIdScheme = "StorefrontOpenId";
    private const string PageOrApi = "StorefrontOrBearer";

    public static void AddSignIn(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        AddKeyRing(builder);
        services.AddSingleton<SessionStore>();
        services.AddScoped<TokenRefresh>();
        services.AddScoped<SignedInUser>();
        services.AddScoped<EndSessions>();
        services.AddHostedService<ExpiredSessions>();
        services
            .AddOptions<CookieAuthenticationOptions>(CookieScheme)
            .Configure<SessionStore>(
                (cookie, store) => ConfigureCookie(cookie, store, builder.Environment.IsDevelopment())
            );
        services
            .AddOptions<OpenIdConnectOptions>(OpenIdScheme)
            .Configure<IOptions<IssuerOptions>, IHttpClientFactory>(
                (openId, issuer, clients) =>
                    OpenIdSetup.Configure(
                        openId,
                        issuer.Value.PublicAddress,
                        clients,
                        builder.Environment.IsDevelopment()
                    )
            );
        services
            .AddAuthentication()
            .AddCookie(CookieScheme)
            .AddOpenIdConnect(OpenIdScheme, _ => { })
            .AddPolicyScheme(PageOrApi, displayName: null, scheme => scheme.ForwardDefaultSelector = SchemeOf);
        // In the monolith the API is in the same process. A cookie must not open it: that would allow request forgery.
        services.PostConfigure<AuthenticationOptions>(options => options.DefaultScheme = PageOrApi);
    }

    private static string SchemeOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<StorefrontPage>() is null
            ? JwtBearerDefaults.AuthenticationScheme
            : CookieScheme;

    private static void ConfigureCookie(CookieAuthenticationOptions options, SessionStore store, bool isDevelopment)
    {
        // Browsers accept the prefix __Host- only with Secure, and from no other host.
        options.Cookie.Name = isDevelopment ? "shop.signin" : "__Host-shop.signin";
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = isDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        options.ExpireTimeSpan = SessionStore.Lifetime;
        options.SessionStore = store;
        options.ForwardChallenge = OpenIdScheme;
        options.AccessDeniedPath = "/access-denied";
        options.Events.OnValidatePrincipal = context =>
            context.HttpContext.RequestServices.GetRequiredService<TokenRefresh>().ValidateAsync(context);
    }

    private static void AddKeyRing(IHostApplicationBuilder builder)
    {
        // In the monolith, Users has one already.
        if (builder.Services.Any(service => service.ServiceType == typeof(IDataProtectionProvider)))
        {
            return;
        }

        builder
            .Services.AddDataProtection()
            .SetApplicationName("Shop.Storefront")
            .PersistKeysToDbContext<StorefrontDbContext>();
        // It warns that keys are not encrypted; StorefrontDbContext says why they need not be.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
    }
}
