using Scalar.AspNetCore;

namespace Shop.Gateway.OpenApi;

/// <summary><c>/docs</c>: the shop's API to read and to try out, as <c>/openapi/v1.json</c> describes it.</summary>
internal static class ApiDocs
{
    public const string DescriptionPath = "/openapi/v1.json";
    public const string PagePath = "/docs";

    public static void MapApiDocs(this IEndpointRouteBuilder endpoints)
    {
        var isDevelopment = endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment();
        endpoints
            .MapScalarApiReference(
                PagePath,
                (page, context) =>
                {
                    page.WithTitle("Shop API")
                        .WithOpenApiRoutePattern(DescriptionPath)
                        .WithNonce()
                        .DisableDefaultFonts()
                        .DisableTelemetry()
                        .DisableAgent()
                        .DisableMcp()
                        .HideDeveloperTools()
                        // It would open somebody else's page with this API in it.
                        .HideClientButton()
                        .WithDynamicBaseServerUrl();
                    if (isDevelopment)
                    {
                        LetSignIn(page, context.Request);
                    }

                    context.Response.OnStarting(AllowScriptsAsync, context);
                }
            )
            .AllowAnonymous();
    }

    /// <summary>As what Users knows in Development; the page has no client of its own elsewhere.</summary>
    private static void LetSignIn(ScalarOptions page, HttpRequest request) =>
        page.AddPreferredSecuritySchemes("oauth2")
            .AddPasswordFlow(
                "oauth2",
                flow =>
                {
                    flow.ClientId = "shop-cli";
                    flow.CredentialsLocation = CredentialsLocation.Body;
                    flow.SelectedScopes = ["shop"];
                }
            )
            .AddAuthorizationCodeFlow(
                "oauth2",
                flow =>
                {
                    flow.ClientId = "shop-storefront";
                    flow.Pkce = Pkce.Sha256;
                    // Whole, since Scalar repeats it as it is written here; without the slash the code would be lost on the way.
                    flow.RedirectUri = $"{request.Scheme}://{request.Host}{PagePath}/";
                    flow.CredentialsLocation = CredentialsLocation.Body;
                    flow.SelectedScopes = ["shop"];
                }
            );

    /// <summary>The page's own scripts and nobody else's; it styles itself as it goes, and asks nobody but this server.</summary>
    private static Task AllowScriptsAsync(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{context.Items[ScalarOptions.NonceHttpContextItemKey]}'; "
            + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
            + "object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
        return Task.CompletedTask;
    }
}
