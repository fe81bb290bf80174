using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Shop.Storefront.Session;

namespace Shop.Storefront.Api;

/// <summary>HTTP clients of the gateway. The storefront knows nothing else of the system.</summary>
internal static class GatewayClients
{
    /// <summary>For the token endpoint, which gets no access token.</summary>
    public const string Backchannel = "openid";

    /// <summary>For streams, which stay open: no time limit and no retries, since the browser connects again.</summary>
    public const string Streams = "streams";

    private static readonly Uri Gateway = new("https+http://gateway/");

    public static void AddGatewayClients(this IServiceCollection services)
    {
        services.AddTransient<CallerHandler>();
        services.AddHttpClient<ShopApi>(client => client.BaseAddress = Gateway).AddHttpMessageHandler<CallerHandler>();
        services
            .AddHttpClient(Backchannel, client => client.BaseAddress = Gateway)
            // Before service discovery, which finds the gateway.
            .ConfigureAdditionalHttpMessageHandlers(
                (handlers, provider) =>
                    handlers.Insert(0, ActivatorUtilities.CreateInstance<InsideAddressHandler>(provider))
            );
#pragma warning disable EXTEXP0001 // The only way to leave out a default handler.
        services
            .AddHttpClient(
                Streams,
                client =>
                {
                    client.BaseAddress = Gateway;
                    client.Timeout = Timeout.InfiniteTimeSpan;
                }
            )
            .RemoveAllResilienceHandlers()
            .AddHttpMessageHandler<CallerHandler>();
#pragma warning restore EXTEXP0001
    }
}

/// <summary>Passes on who asks: the user's access token, and the visitor's address for the gateway's rate limits.</summary>
internal sealed class CallerHandler(IHttpContextAccessor accessor) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        // Not injected: the factory keeps handlers longer than a request lasts.
        if (accessor.HttpContext is { } http)
        {
            if (new SignedInUser(accessor).AccessToken is { } token)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            if (http.Request.Headers["X-Forwarded-For"] is [{ Length: > 0 } visitor, ..])
            {
                request.Headers.TryAddWithoutValidation("X-Forwarded-For", visitor);
            }
        }

        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>Inside of the system, the public address is the gateway's: containers may not reach themselves from outside.</summary>
internal sealed class InsideAddressHandler(IOptions<IssuerOptions> issuer) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var address = issuer.Value.PublicAddress;
        if (request.RequestUri is { } uri && address.IsBaseOf(uri))
        {
            request.RequestUri = new Uri("https+http://gateway" + uri.PathAndQuery);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
