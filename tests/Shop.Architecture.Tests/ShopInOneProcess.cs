using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.Billing;
using Shop.Catalog;
using Shop.Gateway;
using Shop.Inventory;
using Shop.Notifications;
using Shop.Ordering;
using Shop.Payments;
using Shop.Search;
using Shop.ServiceDefaults;
using Shop.Storefront;
using Shop.Storefront.Session;
using Shop.Testing;
using Shop.Users;

namespace Shop.Architecture.Tests;

/// <summary>Every module in one process as the monolith has them, and in Development, where rules are laxest.</summary>
public sealed class ShopInOneProcess : IAsyncLifetime
{
    private TestTokens? _tokens;
    private WebApplication? _app;

    public WebApplication Application =>
        _app ?? throw new InvalidOperationException("The modules have not been started yet.");

    public TestTokens Tokens => _tokens ?? throw new InvalidOperationException("The tokens have not been started yet.");

    public async ValueTask InitializeAsync()
    {
        _tokens = await TestTokens.StartAsync();
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                // The list of styles and scripts has its name.
                ApplicationName = typeof(StorefrontModule).Assembly.GetName().Name,
                EnvironmentName = Environments.Development,
            }
        );
        (string Name, Action<IHostApplicationBuilder> Add, Action<IEndpointRouteBuilder> Map)[] modules =
        [
            Of<UsersModule>(),
            Of<CatalogModule>(),
            Of<SearchModule>(),
            Of<InventoryModule>(),
            Of<PaymentsModule>(),
            Of<OrderingModule>(),
            Of<BillingModule>(),
            Of<NotificationsModule>(),
            Of<StorefrontModule>(),
        ];
        Assert.Equal(ModuleTests.Modules.Count, modules.Length);
        builder.Configuration.AddInMemoryCollection([
            new("Messaging:Transport", "InProcess"),
            .. _tokens.Settings,
            // Nobody gets as far as to a database.
            .. modules.Select(module =>
                KeyValuePair.Create(
                    $"ConnectionStrings:{module.Name}db",
                    (string?)"Host=127.0.0.1;Port=1;Database=none"
                )
            ),
        ]);
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        Array.ForEach(modules, module => module.Add(builder));
        builder.AddComposedApi();
        builder.Services.RemoveAll<IHostedService>();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseServiceDefaults();
        Array.ForEach(modules, module => module.Map(_app));
        _app.MapComposedApi();
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_tokens is not null)
            await _tokens.DisposeAsync();
    }

    public IEnumerable<(string Name, string Method, RouteEndpoint Endpoint)> ApiRoutes() =>
        Routes()
            .Where(route =>
                !IsPage(route.Endpoint)
                && route.Endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null
                // In Development a file that is newer than the list of files is found by this route.
                && route.Endpoint.RoutePattern.RawText != "{**path:file}"
            );

    // Who isn't signed in is led to sign in, which no program is.
    public static bool IsPage(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<StorefrontPage>() is not null;

    public IEnumerable<(string Name, string Method, RouteEndpoint Endpoint)> Routes() =>
        from endpoint in ((IEndpointRouteBuilder)Application).DataSources.SelectMany(source => source.Endpoints)
        let route = (RouteEndpoint)endpoint
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["POST"]
        select ($"{method} /{route.RoutePattern.RawText!.Trim('/')}", method, route);

    private static (string, Action<IHostApplicationBuilder>, Action<IEndpointRouteBuilder>) Of<TModule>()
        where TModule : IModule => (TModule.Name, TModule.AddServices, TModule.MapEndpoints);
}
