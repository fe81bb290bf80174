using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Messages;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Saga;

/// <summary>
/// The verb <c>cancel-lost-order order</c>, for operators: a restored database no longer has the order, so it cannot be
/// cancelled as others are, but its payment and its stock are still there.
/// </summary>
internal static class LostOrderVerb
{
    private const string Verb = "cancel-lost-order";
    private const string Reason = "OrderLost";

    public static void AddLostOrderVerb(this IServiceCollection services) =>
        services.AddVerb(
            Verb,
            "refunds the payment and releases the stock of an order that was lost in a restore",
            RunAsync
        );

    public static async Task<int> RunAsync(
        IServiceProvider services,
        string[] args,
        CancellationToken cancellationToken
    )
    {
        // Settings may follow, as they may after every verb.
        if (args.Where(arg => !arg.StartsWith('-')).ToList() is not [var word] || !Guid.TryParse(word, out var id))
        {
            await Console.Error.WriteLineAsync($"Say which: '{Verb}' takes the id of one order.");
            return 1;
        }

        var db = services.GetRequiredService<OrderingDbContext>();
        if (await db.Orders.AnyAsync(order => order.Id == id, cancellationToken))
        {
            await Console.Error.WriteLineAsync(
                $"The order {id} is not lost. Cancel it with POST /api/orders/{id}/cancel."
            );
            return 1;
        }

        // Both may be asked again, and no order gets this id any more.
        var outbox = services.GetRequiredService<ISagaOutbox>();
        outbox.Send(new RefundPayment(id, Reason), id);
        outbox.Send(new ReleaseStock(id, Reason), id);
        await db.SaveChangesAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"{id}\tasked for its refund and for the release of its stock");
        return 0;
    }
}
