using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Ordering.Domain;
using Shop.ServiceDefaults.Data;

namespace Shop.Ordering.Data;

/// <summary>Logs and counts orders' transitions once they are saved; a conflict that is tried again counts once.</summary>
internal sealed partial class OrderTransitionInterceptor : SaveChangesInterceptor
{
    public const string MeterName = "Shop.Ordering";

    // Most sagas take a fraction of a second, and the two deadlines end them after 45 s each.
    private static readonly double[] DurationBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100];

    private readonly ILogger<OrderTransitionInterceptor> _logger;
    private readonly Counter<long> _placed;
    private readonly Counter<long> _confirmed;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _shipped;
    private readonly Counter<long> _delivered;
    private readonly Histogram<double> _duration;

    public OrderTransitionInterceptor(IMeterFactory meters, ILogger<OrderTransitionInterceptor> logger)
    {
        _logger = logger;
        var meter = meters.Create(MeterName);
        _placed = meter.CreateCounter<long>("shop.orders.placed", "{order}", "Orders that were accepted.");
        _confirmed = meter.CreateCounter<long>(
            "shop.orders.confirmed",
            "{order}",
            "Orders whose stock is reserved and whose payment is made."
        );
        _cancelled = meter.CreateCounter<long>(
            "shop.orders.cancelled",
            "{order}",
            "Orders that ended without being delivered, by shop.cancellation.reason."
        );
        _shipped = meter.CreateCounter<long>("shop.orders.shipped", "{order}", "Orders that left the house.");
        _delivered = meter.CreateCounter<long>("shop.orders.delivered", "{order}", "Orders that arrived.");
        _duration = meter.CreateHistogram<double>(
            "shop.saga.duration",
            "s",
            "From the placing of an order to its confirmation or cancellation, by shop.saga.outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets }
        );
    }

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        foreach (var entry in eventData.Context!.ChangeTracker.KnownEntries<Order>())
        {
            foreach (var transition in entry.Entity.TakeTransitions())
            {
                Tell(entry.Entity, transition);
            }
        }

        return ValueTask.FromResult(result);
    }

    private void Tell(Order order, OrderTransition transition)
    {
        var reason = order.CancellationReason?.ToString();
        switch (transition.To)
        {
            case OrderStatus.Pending:
                _placed.Add(1);
                break;
            case OrderStatus.Confirmed:
                _confirmed.Add(1);
                break;
            case OrderStatus.Shipped:
                _shipped.Add(1);
                break;
            case OrderStatus.Delivered:
                _delivered.Add(1);
                break;
            default:
                _cancelled.Add(1, new KeyValuePair<string, object?>("shop.cancellation.reason", reason));
                break;
        }

        if (reason is null)
        {
            Log.Changed(_logger, order.Id, transition.To);
        }
        else
        {
            Log.Cancelled(_logger, order.Id, reason);
        }

        // An order taken back after its confirmation has ended its saga before.
        if (transition.From == OrderStatus.Pending)
        {
            _duration.Record(
                transition.Age.TotalSeconds,
                new KeyValuePair<string, object?>("shop.saga.outcome", transition.To.ToString())
            );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Order {OrderId} is {Status}")]
        public static partial void Changed(ILogger logger, Guid orderId, OrderStatus status);

        [LoggerMessage(LogLevel.Information, "Order {OrderId} is cancelled: {Reason}")]
        public static partial void Cancelled(ILogger logger, Guid orderId, string reason);
    }
}
