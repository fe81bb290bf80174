using System.Net;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Shop.ServiceDefaults.Http;
using Shop.Storefront.Api;

namespace Shop.Storefront.Pages.Orders;

/// <summary>
/// <c>GET /orders/{id}/events</c>: passes on what Ordering tells of an order (server-sent events), since a browser has no
/// token of its own to ask with. When there is nothing to follow, the event <c>end</c> says so. When Ordering gives no answer,
/// the stream ends at once and the browser connects again: any other status than 200 would make it give up for good.
/// </summary>
internal static class OrderEvents
{
    private const string EventStream = MediaTypeNames.Text.EventStream;
    private const string NothingToFollow = "event: end\ndata: {}\n\n";
    private const string ConnectAgain = "retry: 10000\n\n";
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
            HeadAsGet.IsWanted(http) ? HttpMethod.Head : HttpMethod.Get,
            new Uri($"api/orders/{id}/events", UriKind.Relative)
        );
        if (http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last])
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        try
        {
            end.CancelAfter(AnswerLimit);
            using var answer = await clients
                .CreateClient(GatewayClients.Streams)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
            end.CancelAfter(Timeout.InfiniteTimeSpan);
            await PassOnAsync(answer, http, end.Token);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException
                && !http.RequestAborted.IsCancellationRequested
            )
        {
            if (!http.Response.HasStarted)
            {
                await WriteAsync(http, ConnectAgain, http.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The browser has gone.
        }
    }

    private static async Task PassOnAsync(
        HttpResponseMessage answer,
        HttpContext http,
        CancellationToken cancellationToken
    )
    {
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            http.Response.ContentType = EventStream;
            http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await http.Response.StartAsync(cancellationToken);
            await answer.Content.CopyToAsync(http.Response.Body, cancellationToken);
            return;
        }

        var mayComeBack = (int)answer.StatusCode >= 500 || answer.StatusCode == HttpStatusCode.TooManyRequests;
        await WriteAsync(http, mayComeBack ? ConnectAgain : NothingToFollow, cancellationToken);
    }

    private static Task WriteAsync(HttpContext http, string text, CancellationToken cancellationToken)
    {
        http.Response.ContentType = EventStream;
        return http.Response.WriteAsync(text, cancellationToken);
    }
}
