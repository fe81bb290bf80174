using System.Data.Common;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using OpenTelemetry;
using Shop.Ordering.Data;

namespace Shop.Ordering.Orders;

/// <summary>
/// An order's timeline as it grows. Woken at each commit of this process; what another replica commits is found by a poll.
/// </summary>
internal sealed partial class OrderStream(
    IServiceScopeFactory scopes,
    OrderSignals signals,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<OrderStream> logger
)
{
    public const string UpdateEvent = "order";
    public const string HeartbeatEvent = "heartbeat";

    /// <summary>A client connects again after this time; the gateway's limit for a stream is longer.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(5);

    /// <summary>Keeps proxies and the client from taking the silence for the end.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(2);

    /// <summary>The order as it is; null if there is none that the user may see.</summary>
    public async Task<OrderState?> ReadAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrderingDbContext>();
        var visible = db.Orders.VisibleTo(user).Where(order => order.Id == id);
        return await db
            .Sagas.AsNoTracking()
            .Where(saga => visible.Any(order => order.Id == saga.OrderId))
            .Select(saga => new OrderState(saga.Order.Status, saga.Entries))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// The last line at once, then each new one, and heartbeats. Ends with the order, at <see cref="MaxDuration"/>, when the
    /// process stops, or when the database does not answer; in all but the first case the client connects again.
    /// </summary>
    public async IAsyncEnumerable<SseItem<OrderUpdate>> WatchAsync(
        Guid id,
        ClaimsPrincipal user,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        using var watch = signals.Subscribe(id);
        var (started, spoke) = (time.GetTimestamp(), time.GetTimestamp());
        // After the watch began, so that no change is missed between the two.
        var state = await TryReadAsync(id, user, end.Token);
        for (var next = (state?.Entries.Count ?? 0) - 1; state is not null; )
        {
            for (; next < state.Entries.Count; next++)
            {
                spoke = time.GetTimestamp();
                yield return Item(state, next, UpdateEvent);
            }

            if (state.IsFinal || time.GetElapsedTime(started) >= MaxDuration)
            {
                yield break;
            }

            if (time.GetElapsedTime(spoke) >= HeartbeatInterval)
            {
                spoke = time.GetTimestamp();
                yield return Item(state, state.Entries.Count - 1, HeartbeatEvent);
            }

            state = await TryWaitAsync(watch, end.Token) ? await TryReadAsync(id, user, end.Token) : null;
        }
    }

    private static SseItem<OrderUpdate> Item(OrderState state, int line, string type) =>
        new(state.UpdateOf(line), type) { EventId = IdOf(line), ReconnectionInterval = ReconnectionInterval };

    /// <summary>The event's id: a client that connects again sends the last one that it has.</summary>
    public static string IdOf(int line) => line.ToString(CultureInfo.InvariantCulture);

    private async Task<bool> TryWaitAsync(OrderSignals.Watch watch, CancellationToken cancellationToken)
    {
        try
        {
            await watch.WaitAsync(PollInterval, time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<OrderState?> TryReadAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        // A query every two seconds for minutes would bury the trace of the request.
        using var untraced = SuppressInstrumentationScope.Begin();
        try
        {
            return await ReadAsync(id, user, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException or TimeoutException)
        {
            Log.NotRead(logger, id, exception);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Order {OrderId} could not be read; its stream ends and the client connects again"
        )]
        public static partial void NotRead(ILogger logger, Guid orderId, Exception exception);
    }
}
