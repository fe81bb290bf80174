using System.Globalization;
using System.Net.ServerSentEvents;
using System.Security.Claims;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Http;

namespace Shop.Ordering.Orders;

/// <summary>
/// <c>GET /api/orders/{id}/events</c>: an order's timeline as it grows, as server-sent events, to its owner and to
/// operators. The event <c>order</c> has an <see cref="OrderUpdate"/>; <c>heartbeat</c> repeats the last one. After the last
/// event (<c>isFinal</c>) a client that connects again is answered 204, which keeps a browser from trying further.
/// </summary>
internal static class WatchOrder
{
    private const string LastEventId = "Last-Event-ID";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    public static async Task<IResult> HandleAsync(
        Guid id,
        HttpContext http,
        ClaimsPrincipal user,
        OrderStream stream,
        StreamSlots slots,
        CancellationToken cancellationToken
    )
    {
        if (await stream.ReadAsync(id, user, cancellationToken) is not { } state)
        {
            return OrderProblems.OrderNotFound();
        }

        if (state.IsFinal && http.Request.Headers[LastEventId] == OrderStream.IdOf(state.Entries.Count - 1))
        {
            return TypedResults.NoContent();
        }

        if (slots.TryTake(user.GetUserId()) is not { } slot)
        {
            http.Response.Headers.RetryAfter = ((int)RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return OrderProblems.Of(
                StatusCodes.Status429TooManyRequests,
                "too-many-streams",
                "Too many orders are being watched",
                $"A user watches at most {StreamSlots.MaxPerUser} orders at once. Close one of the streams, or read the order now and then."
            );
        }

        // With the request, also when nobody gets as far as to read the stream.
        http.Response.RegisterForDispose(slot);
        return TypedResults.ServerSentEvents(
            HeadAsGet.IsWanted(http)
                ? AsyncEnumerable.Empty<SseItem<OrderUpdate>>()
                : stream.WatchAsync(id, user, cancellationToken)
        );
    }
}
