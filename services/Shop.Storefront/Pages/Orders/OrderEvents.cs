using Microsoft.AspNetCore.Http.Features;
using Shop.Storefront.Api;

namespace Shop.Storefront.Pages.Orders;

/// <summary>
/// <c>GET /orders/{id}/events</c>: passes on what Ordering tells of an order (server-sent events), since a browser has no
/// token of its own to ask with.
/// </summary>
internal static class OrderEvents
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    public static void MapOrderEvents(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/orders/{id:guid}/events", HandleAsync).RequireAuthorization();

    private static async Task HandleAsync(
        Guid id,
        HttpContext http,
        IHttpClientFactory clients,
        IHostApplicationLifetime lifetime
    )
    {
        // A stream must not hold up a stop; the browser connects again.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted,
            lifetime.ApplicationStopping
        );
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri($"api/orders/{id}/events", UriKind.Relative)
        );
        if (http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last])
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        try
        {
            using var answer = await clients
                .CreateClient(GatewayClients.Streams)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token)
                .WaitAsync(AnswerLimit, end.Token);
            http.Response.StatusCode = (int)answer.StatusCode;
            if (!answer.IsSuccessStatusCode)
            {
                return;
            }

            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await http.Response.StartAsync(end.Token);
            await answer.Content.CopyToAsync(http.Response.Body, end.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
        {
            if (!http.Response.HasStarted)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The browser has gone, or the service stops.
        }
    }
}
