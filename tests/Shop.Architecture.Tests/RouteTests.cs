using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Shop.Gateway.Routing;
using Shop.Testing;

namespace Shop.Architecture.Tests;

/// <summary>Every route of every module.</summary>
public sealed partial class RouteTests(ShopInOneProcess shop) : IClassFixture<ShopInOneProcess>
{
    /// <summary>What anyone may ask for. A new one belongs here only if it tells nobody anything of anybody.</summary>
    private static readonly string[] ForAnyone =
    [
        "GET /healthz",
        "GET /ready",
        "GET /openapi/{documentName}.json",
        "GET /api/products",
        "GET /api/products/{id:guid}",
        "GET /api/products/{id:guid}/availability",
        "POST /api/orders/quote",
        "GET /api/orders/regions",
        "GET /api/search",
        "GET /api/search/suggest",
        "POST /api/users",
        "GET /account/login",
        "POST /account/login",
        "GET /account/logout",
        "POST /account/logout",
        "GET /account/register",
        "POST /account/register",
        "GET /connect/authorize",
        "POST /connect/authorize",
        "GET /connect/logout",
        "POST /connect/logout",
        "GET /docs/{documentName?}",
        "GET /docs/favicon.svg",
        "GET /docs/scalar.js",
        "GET /docs/scalar.aspnetcore.js",
        "POST /graphql",
        "POST /shop.catalog.v1.ProductService/GetProduct",
        "POST /shop.catalog.v1.ProductService/GetProducts",
        "POST /shop.catalog.v1.ProductService/SearchProducts",
        "POST /shop.catalog.v1.ProductService/CheckAvailability",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Anyone_may_ask_for_what_is_listed_and_nothing_else()
    {
        var open = shop.ApiRoutes().Where(route => route.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null);

        Assert.Equal(ForAnyone.Order(), open.Select(route => route.Name).Distinct().Order());
    }

    [Fact]
    public void The_gateway_lets_strangers_through_to_where_a_service_has_something_for_them_and_nowhere_else()
    {
        // The discovery document and the keys, which OpenIddict answers without a route.
        const string discovery = "/.well-known";
        string[] open = [discovery, .. ForAnyone.Select(route => route[route.IndexOf('/')..])];

        var paths = ServiceRoutes.Paths.SelectMany(service => service).ToList();
        foreach (var (path, isForAnyone) in paths)
        {
            var isOpen = open.Any(one => IsBelow(one, path) && !paths.Any(other => IsCloser(other.Path, path, one)));
            Assert.Equal((path, isOpen), (path, isForAnyone));
        }

        static bool IsBelow(string route, string path) =>
            route == path || route.StartsWith(path + "/", StringComparison.Ordinal);

        // The gateway takes the longest path that fits.
        static bool IsCloser(string other, string path, string route) =>
            other.Length > path.Length && IsBelow(route, other);
    }

    [Fact]
    public async Task Everything_else_is_refused_without_a_token_whatever_headers_say()
    {
        using var client = new HttpClient { BaseAddress = new Uri(shop.Application.Urls.Single()) };

        foreach (var route in Closed())
        {
            Assert.Equal((route.Name, HttpStatusCode.Unauthorized), (route.Name, await StatusAsync(client, route)));
            Assert.Equal(
                (route.Name, HttpStatusCode.Unauthorized),
                (
                    route.Name,
                    await StatusAsync(
                        client,
                        route,
                        ("X-User-ID", "01900000-0000-7000-8000-000000000003"),
                        ("X-User-Role", "admin")
                    )
                )
            );
        }
    }

    [Fact]
    public async Task Everything_else_is_refused_with_a_token_that_does_not_count()
    {
        using var client = new HttpClient { BaseAddress = new Uri(shop.Application.Urls.Single()) };
        var closed = Closed();
        // A good one is believed, so it is not for some other reason that a bad one is refused.
        var customer = ("Authorization", "Bearer " + shop.Tokens.Issue(Guid.CreateVersion7()));
        var forAdmins = closed.Single(route => route.Name == "GET /api/users");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, forAdmins, customer));

        foreach (var kind in ForgedTokens.Kinds.Select(row => row.Data))
        {
            var forged = ("Authorization", "Bearer " + ForgedTokens.Make(kind, shop.Tokens));
            foreach (var route in closed)
            {
                Assert.Equal(
                    (kind, route.Name, HttpStatusCode.Unauthorized),
                    (kind, route.Name, await StatusAsync(client, route, forged))
                );
            }
        }
    }

    [Fact]
    public void A_route_of_the_api_has_a_name_and_says_what_it_answers()
    {
        var routes = shop.ApiRoutes()
            .Where(route =>
                route.Endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal)
            )
            .ToList();

        Assert.NotEmpty(routes);
        Assert.All(
            routes,
            route =>
            {
                var metadata = route.Endpoint.Metadata;
                Assert.True(metadata.GetMetadata<IEndpointNameMetadata>() is not null, $"{route.Name} has no name.");
                Assert.True(
                    metadata
                        .GetOrderedMetadata<IProducesResponseTypeMetadata>()
                        .Any(answer => answer.StatusCode is >= 200 and < 400),
                    $"{route.Name} does not say what it answers when all is well."
                );
            }
        );
        Assert.Equal(
            routes.Count,
            routes
                .Select(route => route.Endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName)
                .Distinct()
                .Count()
        );
    }

    /// <summary>Where people see what is theirs, or what only staff may see. Each other page is the same for everybody.</summary>
    [Theory]
    [InlineData("/account")]
    [InlineData("/checkout")]
    [InlineData("/invoices")]
    [InlineData("/notifications")]
    [InlineData("/orders")]
    [InlineData("/staff", "operator,admin")]
    public void A_page_with_something_of_somebody_needs_a_sign_in(string area, string? roles = null)
    {
        var pages = shop.Routes()
            .Where(route =>
                ShopInOneProcess.IsPage(route.Endpoint)
                && IsBelow(route.Name[route.Name.IndexOf('/')..], area)
                // It says to sign in again.
                && !route.Name.EndsWith("/account/password-changed", StringComparison.Ordinal)
            )
            .ToList();

        Assert.NotEmpty(pages);
        Assert.All(
            pages,
            page =>
            {
                var rules = page.Endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
                Assert.True(rules.Count > 0, $"{page.Name} is open.");
                Assert.True(roles is null || rules.Any(rule => roles.Contains(rule.Roles!, StringComparison.Ordinal)));
            }
        );

        static bool IsBelow(string path, string area) =>
            path == area || path.StartsWith(area + "/", StringComparison.Ordinal);
    }

    private List<(string Name, string Method, RouteEndpoint Endpoint)> Closed()
    {
        var closed = shop.ApiRoutes()
            .Where(route => route.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .ToList();
        Assert.True(closed.Count > 40, $"Only {closed.Count} routes are protected.");
        return closed;
    }

    private static async Task<HttpStatusCode> StatusAsync(
        HttpClient client,
        (string Name, string Method, RouteEndpoint Endpoint) route,
        params (string Name, string Value)[] headers
    )
    {
        var path = Parameter()
            .Replace(
                "/" + route.Endpoint.RoutePattern.RawText!.TrimStart('/'),
                match => match.Value.Contains(":long", StringComparison.Ordinal) ? "1" : $"{Guid.Empty}"
            );
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (route.Endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>() is { } accepts)
        {
            request.Content = new StringContent("{}", new MediaTypeHeaderValue(accepts.ContentTypes[0]));
        }

        using var response = await client.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
