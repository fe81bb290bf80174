using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shop.Messaging;
using Shop.Payments.Data;
using Shop.Payments.Domain;

namespace Shop.Payments.Payments;

/// <summary>Command: whatever was, is being or will be paid for the order is cancelled or goes back.</summary>
internal sealed record RefundPayment(Guid OrderId, string? Reason = null)
{
    /// <summary>The command's type.</summary>
    public const string Type = "shop.payments.refund-payment.v1";

    private const int MaxReason = 200;

    /// <summary>What else the message has in it; looked at for card data only.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }

    /// <summary>The reason, short enough to keep; a command that makes no sense is rejected.</summary>
    public string CheckedReason()
    {
        if (CardData.LooksLikeCardNumber(Reason) || CardData.IsIn(Others))
        {
            throw new MessageRejectedException("CardData", "The command carries card data.");
        }
        if (OrderId == Guid.Empty)
        {
            throw new MessageRejectedException("InvalidCommand", "orderId is missing.");
        }
        var reason = Reason ?? "unspecified";
        return reason[..Math.Min(reason.Length, MaxReason)];
    }
}

/// <summary>
/// Cancels what has not been charged and asks for the refund of what has. Answers at once when there is nothing to give
/// back; otherwise the answer follows when the money is back.
/// </summary>
internal sealed class RefundPaymentHandler(PaymentsDbContext db, Outbox<PaymentsDbContext> outbox, TimeProvider time)
    : IMessageHandler<RefundPayment>
{
    /// <inheritdoc />
    public async Task HandleAsync(RefundPayment message, MessageContext context, CancellationToken cancellationToken)
    {
        var reason = message.CheckedReason();
        var now = time.GetUtcNow();
        var payments = await db.LockOrderPaymentsAsync([message.OrderId], now, cancellationToken);
        var payment = payments[message.OrderId];

        payment.RequestRefund(reason, Activity.Current?.Id, now);
        outbox.AddRefundReply(payment);
    }
}
