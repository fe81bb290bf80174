using System.Globalization;

namespace Shop.Chaos.Tests;

/// <summary>Holds the books of all contexts against each other, by SQL that knows nothing of how they came about.</summary>
/// <param name="shop">The shop.</param>
/// <param name="seed">Whose orders.</param>
/// <param name="before">What of each product was there before the run.</param>
/// <param name="plan">What was to be done.</param>
/// <param name="placed">What was accepted.</param>
internal sealed class Reconciliation(
    ChaosShop shop,
    int seed,
    IReadOnlyDictionary<Guid, int> before,
    ChaosPlan plan,
    IReadOnlyCollection<PlacedOrder> placed
)
{
    public static readonly string[] Contexts =
    [
        "billing",
        "catalog",
        "inventory",
        "notifications",
        "ordering",
        "payments",
        "search",
        "users",
    ];

    // The orders of this run, in Ordering's database.
    private string Run => $"(select order_id from idempotency_records where key like 'chaos-{seed}-%')";

    private sealed record OrderRow(Guid Id, string Status, decimal Total, decimal Refunded, string Saga);

    /// <summary>What does not agree; nothing when all is well.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync()
    {
        var orders = (
            await shop.ReadAsync(
                "orderingdb",
                $"""
                select o.id, o.status, o.total, coalesce(o.refunded_amount, 0), s.status
                from orders o join order_sagas s on s.order_id = o.id where o.id in {Run}
                """,
                row => new OrderRow(
                    row.GetGuid(0),
                    row.GetString(1),
                    row.GetDecimal(2),
                    row.GetDecimal(3),
                    row.GetString(4)
                )
            )
        ).ToDictionary(order => order.Id);
        return
        [
            .. await OrdersAsync(orders),
            .. await MoneyAsync(orders),
            .. await StockAsync(),
            .. await ReservationsAsync(orders),
            .. await NotificationsAsync(orders),
            .. await OutboxesAsync(),
            .. await ReadSidesAsync(),
        ];
    }

    /// <summary>What of each product is there when nothing is going on.</summary>
    public static async Task<IReadOnlyDictionary<Guid, int>> StockOfAsync(ChaosShop shop) =>
        (
            await shop.ReadAsync(
                "inventorydb",
                "select product_id, available from stock_items",
                row => (Product: row.GetGuid(0), Available: row.GetInt32(1))
            )
        ).ToDictionary(row => row.Product, row => row.Available);

    private async Task<List<string>> OrdersAsync(Dictionary<Guid, OrderRow> orders)
    {
        var wrong = new List<string>();
        if (placed.Count != plan.Orders.Count)
            wrong.Add($"{plan.Orders.Count} orders were asked for and {placed.Count} accepted");
        wrong.AddRange(
            await shop.ReadAsync(
                "orderingdb",
                $"""
                select id from orders
                where user_id in (select user_id from orders where id in {Run}) and id not in {Run}
                """,
                row => $"order {row[0]} was placed by a key that was used already"
            )
        );
        foreach (var order in placed)
        {
            if (!orders.TryGetValue(Guid.Parse(order.Id), out var found))
            {
                wrong.Add($"order {order.Id} was accepted and is gone");
                continue;
            }
            if (found.Status == "Pending" || found.Saga == "Running")
                wrong.Add($"order {order.Id} is {found.Status} and its saga {found.Saga}");
            if (order.IsCancellationAccepted && found.Status != "Cancelled")
                wrong.Add($"order {order.Id} is {found.Status}, and its cancellation was accepted");
            if (order.IsShippingAccepted && found.Status is not ("Shipped" or "Delivered"))
                wrong.Add($"order {order.Id} is {found.Status}, and its shipping was accepted");
            if (order.IsRefundAccepted && found.Refunded != found.Total)
                wrong.Add($"of order {order.Id} {found.Refunded} is refunded, and all was accepted");
            if (IsSold(found.Status) && order.Plan.PaymentMethod.Contains("Declined", StringComparison.Ordinal))
                wrong.Add($"order {order.Id} is {found.Status}, and its card was declined");
        }
        return wrong;
    }

    // What the provider has taken, what Payments says it has, what Billing has billed, and what the orders are worth.
    private async Task<List<string>> MoneyAsync(Dictionary<Guid, OrderRow> orders)
    {
        var provider = await shop.ReadAsync(
            "paymentsdb",
            """
            select p.order_id, coalesce(sum(c.amount), 0)
                - coalesce(sum((select sum(r.amount) from simulated_provider.refunds r
                                where r.charge_reference = c.reference)), 0)
            from simulated_provider.charges c join payments p on p.id::text = c.idempotency_key
            where c.status = 'Succeeded' group by p.order_id
            """,
            row => (Order: row.GetGuid(0), Amount: row.GetDecimal(1))
        );
        var payments = await shop.ReadAsync(
            "paymentsdb",
            "select order_id, case status when 'Succeeded' then amount else 0 end, status, next_step from payments",
            row => (Order: row.GetGuid(0), Amount: row.GetDecimal(1), Status: row.GetString(2), Next: row[3] as string)
        );
        var billing = await shop.ReadAsync(
            "billingdb",
            """
            select i.order_id, sum(case i.status when 'Paid' then i.total else 0 end) - sum(coalesce(n.amount, 0)),
                count(*) filter (where i.status = 'Unpaid')
            from invoices i left join credit_notes n on n.invoice_id = i.id group by i.order_id
            """,
            row => (Order: row.GetGuid(0), Amount: row.GetDecimal(1), Unpaid: row.GetInt64(2))
        );
        var unknown = await shop.ReadAsync(
            "paymentsdb",
            """
            select c.reference, c.amount, c.status from simulated_provider.charges c
            where not exists (select from payments p where p.id::text = c.idempotency_key)
            """,
            row => $"the provider has {row[2]} a charge {row[0]} of {row[1]} that belongs to no payment"
        );

        var wrong = new List<string>(unknown);
        wrong.AddRange(
            payments
                .Where(payment => payment.Next is not null || payment.Status is "New" or "Pending")
                .Select(payment =>
                    $"the payment of order {payment.Order} is {payment.Status} and waits for {payment.Next}"
                )
        );
        wrong.AddRange(
            billing
                .Where(invoice => invoice.Unpaid > 0)
                .Select(invoice => $"the invoice of order {invoice.Order} is unpaid")
        );
        var taken = provider.ToDictionary(row => row.Order, row => row.Amount);
        var booked = payments.ToDictionary(row => row.Order, row => row.Amount);
        var billed = billing.ToDictionary(row => row.Order, row => row.Amount);
        foreach (var order in orders.Values)
        {
            var due = IsSold(order.Status) ? order.Total - order.Refunded : 0;
            decimal[] books =
            [
                taken.GetValueOrDefault(order.Id),
                booked.GetValueOrDefault(order.Id),
                billed.GetValueOrDefault(order.Id),
            ];
            if (books.Any(amount => amount != due))
            {
                wrong.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"order {order.Id} is {order.Status} and owes {due}; the provider has {books[0]}, Payments says {books[1]} and Billing {books[2]}"
                    )
                );
            }
        }
        return wrong;
    }

    private async Task<List<string>> StockAsync()
    {
        var sold = (
            await shop.ReadAsync(
                "orderingdb",
                $"""
                select i.product_id, sum(i.quantity)::int from order_items i join orders o on o.id = i.order_id
                where o.id in {Run} and o.status in ('Confirmed', 'Shipped', 'Delivered') group by i.product_id
                """,
                row => (Product: row.GetGuid(0), Quantity: row.GetInt32(1))
            )
        ).ToDictionary(row => row.Product, row => row.Quantity);
        var restocked = plan.Restocks.ToLookup(restock => Guid.Parse(restock.Product), restock => restock.Quantity);
        var now = await StockOfAsync(shop);
        var wrong = await shop.ReadAsync(
            "inventorydb",
            "select product_id, reserved from stock_items where reserved <> 0",
            row => $"of product {row[0]} {row[1]} units are reserved"
        );
        wrong.AddRange(
            now.Select(row =>
                    (
                        Product: row.Key,
                        Is: row.Value,
                        Due: before[row.Key] + restocked[row.Key].Sum() - sold.GetValueOrDefault(row.Key)
                    )
                )
                .Where(row => row.Is != row.Due)
                .Select(row =>
                    $"of product {row.Product} {row.Is} are there; {before[row.Product]} + {restocked[row.Product].Sum()} restocked - {sold.GetValueOrDefault(row.Product)} sold are {row.Due}"
                )
        );
        return wrong;
    }

    private async Task<List<string>> ReservationsAsync(Dictionary<Guid, OrderRow> orders)
    {
        var rows = await shop.ReadAsync(
            "inventorydb",
            "select order_id, status from reservations",
            row => (Order: row.GetGuid(0), Status: row.GetString(1))
        );
        var found = rows.ToDictionary(row => row.Order, row => row.Status);
        return
        [
            .. rows.Where(row => row.Status == "Reserved")
                .Select(row => $"the reservation of order {row.Order} is open"),
            .. orders
                .Values.Where(order => IsSold(order.Status) != (found.GetValueOrDefault(order.Id) == "Committed"))
                .Select(order =>
                    $"order {order.Id} is {order.Status} and its reservation {found.GetValueOrDefault(order.Id, "missing")}"
                ),
        ];
    }

    private async Task<List<string>> NotificationsAsync(Dictionary<Guid, OrderRow> orders)
    {
        var rows = await shop.ReadAsync(
            "notificationsdb",
            """
            select id, order_id, kind, channel, status, attempts from notifications
            where not (kind = 'DeliveryNotification' and status = 'Pending')
            """,
            row =>
                (
                    Id: row.GetGuid(0),
                    Order: row.GetGuid(1),
                    Kind: row.GetString(2),
                    Channel: row.GetString(3),
                    Status: row.GetString(4),
                    Attempts: row.GetInt32(5)
                )
        );
        var wrong = rows.Where(row => row.Status is not ("Sent" or "Suppressed" or "Cancelled"))
            .Select(row => $"the notification {row.Kind} of order {row.Order} is {row.Status}")
            .ToList();
        var kinds = rows.ToLookup(row => row.Order, row => row.Kind);
        foreach (var order in orders.Values.Where(order => order.Status != "Pending"))
        {
            var kind = $"Order{order.Status}";
            if (!kinds[order.Id].Contains(kind))
                wrong.Add($"nobody was told that order {order.Id} is {order.Status}");
        }
        wrong.AddRange(
            rows.GroupBy(row => (row.Order, row.Kind, row.Channel))
                .Where(group => group.Count() > 1)
                .Select(group => $"{group.Key.Kind} of order {group.Key.Order} was told {group.Count()} times")
        );

        // SMTP has no keys: an attempt that was killed after the mail had been taken sends it again, under the same Message-ID.
        var mails = Mails();
        wrong.AddRange(
            rows.Where(row => row is { Channel: "Email", Status: "Sent" })
                .Select(row => (Row: row, Count: mails.GetValueOrDefault(row.Id.ToString("N"))))
                .Where(mail => mail.Count < 1 || mail.Count > mail.Row.Attempts)
                .Select(mail =>
                    $"the mail {mail.Row.Kind} of order {mail.Row.Order} is there {mail.Count} times after {mail.Row.Attempts} attempts"
                )
        );
        return wrong;
    }

    // By the first part of their Message-ID, which is the notification's id.
    private Dictionary<string, int> Mails()
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(shop.Data, "mail"), "*.eml"))
        {
            var line = File.ReadLines(file)
                .FirstOrDefault(line => line.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase));
            if (line?.Split('<', '@') is [_, var id, ..])
                counts[id] = counts.GetValueOrDefault(id) + 1;
        }
        return counts;
    }

    private async Task<List<string>> OutboxesAsync()
    {
        var wrong = new List<string>();
        foreach (var context in Contexts)
        {
            var rows = await shop.ReadAsync(
                $"{context}db",
                "select type, count(*) from outbox_messages group by type",
                row => $"{row[1]} {row[0]} wait in the outbox of {context}"
            );
            wrong.AddRange(rows);
        }
        return wrong;
    }

    private async Task<List<string>> ReadSidesAsync()
    {
        var wrong = await shop.ReadAsync(
            "orderingdb",
            """
            select o.id, o.status, v.status from orders o left join order_views v on v.order_id = o.id
            where v.created_at is null or v.total <> o.total or v.user_id <> o.user_id
                or v.status <> array_position(array['Pending', 'Confirmed', 'Shipped', 'Delivered', 'Cancelled'], o.status::text) - 1
                or v.cancellation_reason is distinct from o.cancellation_reason
                or (select count(*) from order_items i where i.order_id = o.id)
                    <> (select count(*) from order_item_views i where i.order_id = o.id)
            """,
            row => $"order {row[0]} is {row[1]} and {row[2]} on the read side"
        );
        var stock = await StockOfAsync(shop);
        await CompareAsync("catalogdb", "select product_id, available from stock_levels");
        await CompareAsync("searchdb", "select product_id, available from product_documents where listed");
        return wrong;

        async Task CompareAsync(string database, string sql)
        {
            var levels = await shop.ReadAsync(
                database,
                sql,
                row => (Product: row.GetGuid(0), Available: row.GetInt32(1))
            );
            wrong.AddRange(
                levels
                    .Where(level => stock.GetValueOrDefault(level.Product) != level.Available)
                    .Select(level =>
                        $"{database} says {level.Available} of product {level.Product}, Inventory {stock.GetValueOrDefault(level.Product)}"
                    )
            );
        }
    }

    private static bool IsSold(string status) => status is "Confirmed" or "Shipped" or "Delivered";
}
