using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Payments.Data;

namespace Shop.Payments.Payments;

/// <summary>Ordering's event, as far as it matters here: the goods have left the house.</summary>
internal sealed record OrderShipped(Guid OrderId, DateTimeOffset? ShippedAt = null)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.ordering.order-shipped.v1";
}

/// <summary>
/// Records that the order was shipped and can't be cancelled any more. From then on an operator can refund it. A repeated event
/// doesn't change the recorded time.
/// </summary>
internal sealed class NoteShippingHandler(PaymentsDbContext db) : IMessageHandler<OrderShipped>
{
    /// <inheritdoc />
    public async Task HandleAsync(OrderShipped message, MessageContext context, CancellationToken cancellationToken)
    {
        DateTimeOffset? at = (message.ShippedAt ?? context.Time).ToUniversalTime();
        var payments = await db
            .Payments.Where(payment => payment.OrderId == message.OrderId)
            .ExecuteUpdateAsync(
                row => row.SetProperty(payment => payment.ShippedAt, payment => payment.ShippedAt ?? at),
                cancellationToken
            );
        if (payments == 0)
        {
            throw new MessageRejectedException("UnknownPayment", $"There is no payment of order {message.OrderId}.");
        }
    }
}
