using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Shop.Messaging;
using Shop.Payments.Data;
using Shop.Payments.Domain;

namespace Shop.Payments.Payments;

/// <summary>Command: charge the customer for an order, once.</summary>
internal sealed partial record ProcessPayment(
    Guid OrderId,
    Guid UserId,
    decimal Amount,
    string Currency,
    string? PaymentMethod = null
)
{
    /// <summary>The command's type.</summary>
    public const string Type = "shop.payments.process-payment.v1";

    private const decimal MaxAmount = 1_000_000_000m;

    /// <summary>What else the message has in it; looked at for card data only.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }

    /// <summary>Whether the payment method has the form of a token. If not, it is not even written down.</summary>
    private bool HasToken => PaymentMethod is { } token && Token().IsMatch(token);

    /// <summary>What is to be paid; a command that makes no sense is rejected.</summary>
    public PaymentTerms Terms()
    {
        // First of all, and without saying what was found.
        if (
            CardData.LooksLikeCardNumber(PaymentMethod)
            || CardData.LooksLikeCardNumber(Currency)
            || CardData.IsIn(Others)
        )
        {
            throw new MessageRejectedException(
                "CardData",
                "The command carries card data; only tokens of the payment provider are accepted."
            );
        }
        if (OrderId == Guid.Empty || UserId == Guid.Empty)
        {
            throw Invalid("orderId and userId are required.");
        }
        if (Amount is <= 0 or > MaxAmount || decimal.Round(Amount, 2) != Amount)
        {
            throw Invalid($"amount must be more than 0, at most {MaxAmount}, with 2 decimals.");
        }
        if (!CurrencyCode().IsMatch(Currency))
        {
            throw Invalid("currency must be an ISO 4217 code.");
        }
        return new PaymentTerms(UserId, Amount, Currency, HasToken ? PaymentMethod : null);
    }

    private static MessageRejectedException Invalid(string description) => new("InvalidCommand", description);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]{2,99}\z")]
    private static partial Regex Token();

    [GeneratedRegex(@"\A[A-Z]{3}\z")]
    private static partial Regex CurrencyCode();
}

/// <summary>
/// Writes down that the order wants to be paid; that is all that happens in the message's transaction. The provider is
/// asked after the commit (<see cref="Processing.PaymentProcessor"/>), so a crash at any point neither forgets a charge
/// nor makes two.
/// </summary>
internal sealed class ProcessPaymentHandler(PaymentsDbContext db, Outbox<PaymentsDbContext> outbox, TimeProvider time)
    : IMessageBatchHandler<ProcessPayment>
{
    /// <inheritdoc />
    public async Task HandleAsync(IReadOnlyList<Received<ProcessPayment>> commands, CancellationToken cancellationToken)
    {
        var terms = commands.Select(command => command.Message.Terms()).ToList();
        var now = time.GetUtcNow();
        var payments = await db.LockOrderPaymentsAsync(
            commands.Select(command => command.Message.OrderId),
            now,
            cancellationToken
        );
        foreach (var (i, command) in commands.Index())
        {
            command.Handle(message =>
            {
                var payment = payments[message.OrderId];
                payment.Request(terms[i], Activity.Current?.Id, now);
                outbox.AddPaymentReply(payment);
            });
        }
    }
}
