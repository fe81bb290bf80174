using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Shop.ServiceDefaults;
using Shop.Storefront.Api;
using Shop.Storefront.Baskets;
using Shop.Storefront.Components;
using Shop.Storefront.Data;
using Shop.Storefront.Errors;
using Shop.Storefront.Pages.Orders;
using Shop.Storefront.Pictures;
using Shop.Storefront.Search;
using Shop.Storefront.Session;

namespace Shop.Storefront;

/// <summary>The web pages for shoppers and staff. They use the gateway's public API and nothing else of the system.</summary>
public sealed class StorefrontModule : IModule
{
    /// <inheritdoc />
    public static string Name => "storefront";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<StorefrontDbContext>("storefrontdb");
        builder.Services.AddSettings<StorefrontOptions>(StorefrontOptions.Section);
        builder.Services.AddSettings<IssuerOptions>(IssuerOptions.Section);
        builder.Services.AddGatewayClients();
        builder.AddSignIn();
        builder.Services.AddBaskets();
        builder.Services.AddRazorComponents();
        builder.Services.AddErrorPages();
        builder.Services.AddPublicAddress();
        // The slim host leaves it out. Published programs have the files in wwwroot.
        if (builder.Environment.IsDevelopment())
        {
            StaticWebAssetsLoader.UseStaticWebAssets((IWebHostEnvironment)builder.Environment, builder.Configuration);
        }
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapStaticAssets().AllowAnonymous();
        var pages = endpoints
            .MapGroup("")
            .ExcludeFromDescription()
            .WithMetadata(StorefrontPage.Instance)
            .AddEndpointFilter<PageHeadersFilter>();
        pages.MapSignIn();
        pages.MapSuggestions();
        pages.MapPictures();
        pages.MapBasket();
        pages.MapOrderEvents();
        endpoints
            .MapRazorComponents<App>()
            .WithMetadata(StorefrontPage.Instance)
            .Add(page =>
            {
                // A page is for everybody unless it says otherwise.
                if (!page.Metadata.OfType<IAuthorizeData>().Any())
                {
                    page.Metadata.Add(new AllowAnonymousAttribute());
                }
            });
    }
}
