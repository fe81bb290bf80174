using System.Security.Claims;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Text;

namespace Shop.Ordering.Orders;

/// <summary>Body of <c>POST /api/orders/{id}/ship</c>; it may be left out, and so may each member.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ShipOrderRequest(string? Carrier = null, string? TrackingNumber = null);

/// <summary>
/// <c>POST /api/orders/{id}/ship</c>, by an operator: the parcel leaves. Only a confirmed order is shipped; one that was
/// cancelled or whose payment was refunded before answers 409. Idempotent.
/// </summary>
internal sealed class ShipOrder(OrderingDbContext db, OrderChange order, SagaEngine engine, TimeProvider time)
{
    /// <summary>
    /// Between the confirmation, which an operator may already see, and Inventory's word that the stock is out, some
    /// milliseconds pass. So long a request waits, rather than have somebody press the button again.
    /// </summary>
    private static readonly TimeSpan CommitWait = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    public static async Task<IResult> HandleAsync(
        Guid id,
        ShipOrderRequest? request,
        ClaimsPrincipal user,
        ShipOrder useCase,
        CancellationToken cancellationToken
    )
    {
        var shipment = new Shipment(
            UserText.TidyOptional(request?.Carrier),
            UserText.TidyOptional(request?.TrackingNumber)
        );
        var errors = new Dictionary<string, string[]>();
        Check("carrier", shipment.Carrier, Shipment.MaxCarrierLength, errors);
        Check("trackingNumber", shipment.TrackingNumber, Shipment.MaxTrackingNumberLength, errors);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        await useCase.WaitForCommitAsync(id, cancellationToken);
        return await useCase.ShipAsync(id, user, shipment, cancellationToken);
    }

    private Task<IResult> ShipAsync(
        Guid id,
        ClaimsPrincipal user,
        Shipment shipment,
        CancellationToken cancellationToken
    ) =>
        order.ApplyAsync(
            id,
            user,
            saga =>
            {
                if (saga.IsCompletedAt(StepName.Ship))
                {
                    engine.Ship(saga, shipment);
                    return null;
                }

                return saga.Order.ShippedAt is null ? NotShippable(saga) : SameAs(saga.Order, shipment);
            },
            cancellationToken
        );

    private async Task WaitForCommitAsync(Guid id, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (
            time.GetElapsedTime(started) < CommitWait
            && await db.Sagas.AnyAsync(
                saga => saga.OrderId == id && saga.Step == StepName.Confirm && saga.Status == SagaStatus.Completed,
                cancellationToken
            )
        )
        {
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private static ProblemHttpResult NotShippable(SagaInstance saga) =>
        Problems.Conflict(
            "order-not-shippable",
            saga.Order.Status switch
            {
                OrderStatus.Pending =>
                    "The order is Pending: its stock and its payment are not there yet. Ship it when it is Confirmed.",
                OrderStatus.Confirmed =>
                    "The order is Confirmed, but Inventory has not taken its stock out yet. Try again in a moment.",
                _ =>
                    $"The order is {saga.Order.Status} ({saga.Order.CancellationReason}): there is nothing to ship. Keep the goods. A customer who still wants them can order again.",
            }
        );

    /// <summary>A repeated request is answered like the first; one that says something else must not get lost.</summary>
    private static ProblemHttpResult? SameAs(Order shipped, Shipment shipment) =>
        (shipment.Carrier ?? shipped.Carrier) == shipped.Carrier
        && (shipment.TrackingNumber ?? shipped.TrackingNumber) == shipped.TrackingNumber
            ? null
            : Problems.Conflict(
                "order-already-shipped",
                $"The order was shipped before, with {shipped.Carrier ?? "no carrier named"} and {shipped.TrackingNumber ?? "no tracking number"}."
            );

    private static void Check(string field, string? text, int maxLength, Dictionary<string, string[]> errors)
    {
        if (text is null)
        {
            return;
        }

        if (UserText.WhyNot(text, maxLength) is { } rule)
        {
            errors[field] = [UserText.Sentence(rule + ", or leave it out")];
        }
        else if (CardData.HasCardNumber(text))
        {
            // A tracking number may look like one by chance; letters in front of it, such as the carrier's, help.
            errors[field] =
            [
                "Looks like a card number. If it is a tracking number, put the carrier's letters before it.",
            ];
        }
    }
}
