using System.Linq.Expressions;
using Shop.Payments.Domain;

namespace Shop.Payments.Payments;

/// <summary>A payment as it is told outside.</summary>
internal sealed record PaymentView(
    Guid Id,
    Guid OrderId,
    Guid? UserId,
    decimal Amount,
    string? Currency,
    string? PaymentMethod,
    PaymentStatus Status,
    string? FailureCode,
    string? FailureMessage,
    DateTimeOffset? ShippedAt,
    RefundView? Refund,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    /// <summary>The same from the database.</summary>
    public static readonly Expression<Func<Payment, PaymentView>> FromPayment = payment => new PaymentView(
        payment.Id,
        payment.OrderId,
        payment.UserId,
        payment.Amount,
        payment.Currency,
        payment.PaymentMethod,
        payment.Status,
        payment.FailureCode,
        payment.FailureMessage,
        payment.ShippedAt,
        payment.Refund == null
            ? null
            : new RefundView(
                payment.Refund.Amount,
                payment.Refund.Reason,
                payment.Refund.CreatedAt,
                payment.Refund.CompletedAt
            ),
        payment.CreatedAt,
        payment.UpdatedAt
    );
}

/// <summary>A refund; on its way as long as it has not been completed.</summary>
internal sealed record RefundView(
    decimal Amount,
    string Reason,
    DateTimeOffset RequestedAt,
    DateTimeOffset? CompletedAt
);
