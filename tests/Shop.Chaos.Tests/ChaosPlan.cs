using System.Globalization;

namespace Shop.Chaos.Tests;

/// <summary>What becomes of an order after it was placed.</summary>
internal enum Afterwards
{
    Nothing,
    CancelSoon,
    CancelOnceConfirmed,
    Ship,
    ShipAndDeliver,
    ShipAndRefund,
}

internal sealed record PlannedOrder(
    TimeSpan At,
    int Shopper,
    string Key,
    string Product,
    int Quantity,
    string PaymentMethod,
    Afterwards Then,
    TimeSpan Pause
);

internal sealed record PlannedRestock(TimeSpan At, string Key, string Product, int Quantity);

/// <param name="At">When it begins.</param>
/// <param name="Targets">Who is harmed, all at once.</param>
/// <param name="Freeze">SIGSTOP and SIGCONT; else SIGKILL and a start.</param>
/// <param name="For">How long they are away.</param>
internal sealed record PlannedHarm(TimeSpan At, IReadOnlyList<string> Targets, bool Freeze, TimeSpan For);

/// <summary>All that is done to the shop in a run. The same seed makes the same plan.</summary>
internal sealed record ChaosPlan(
    IReadOnlyList<PlannedOrder> Orders,
    IReadOnlyList<PlannedRestock> Restocks,
    IReadOnlyList<PlannedHarm> Harms
)
{
    public const int Shoppers = 8;

    public static readonly string[] Services =
    [
        "catalog",
        "inventory",
        "payments",
        "ordering",
        "users",
        "search",
        "billing",
        "notifications",
        "storefront",
        "gateway",
    ];

    public static readonly string[] Servers = ["postgres", "messaging", "cache"];

    // Those that hold locks on messages, leases on payments and notifications, or both.
    private static readonly string[] s_freezable =
    [
        "ordering",
        "inventory",
        "payments",
        "billing",
        "notifications",
        "messaging",
    ];

    // Longer than a lock on a message (10 s) and a lease on a payment (12 s).
    private static readonly TimeSpan s_freeze = TimeSpan.FromSeconds(15);

    /// <summary>Most of them have plenty of stock, and the last two little.</summary>
    public static readonly string[] Goods =
    [
        Products.Number(0x1d),
        Products.Number(0x37),
        Products.Number(0x35),
        Products.Number(0x0c),
        Products.Number(0x3c),
        Products.Number(0x26),
        Products.Number(0x08),
        Products.Number(0x27),
        Products.Number(0x14),
        Products.Number(0x0e),
    ];

    // A card that works, for most; a provider that is slow, out of order, or whose answer is lost; a refusal; no answer ever.
    private static readonly string[] s_cards =
    [
        .. Enumerable.Repeat("pm_card_visa", 12),
        "pm_card_mastercard",
        "pm_card_answerLost",
        "pm_card_answerLost",
        "pm_card_failsThenSucceeds",
        "pm_card_failsThenSucceeds",
        "pm_card_chargeDeclined",
        "pm_card_chargeDeclinedInsufficientFunds",
        "pm_card_timeout",
    ];

    private static readonly Afterwards[] s_ends =
    [
        .. Enumerable.Repeat(Afterwards.Nothing, 5),
        Afterwards.CancelSoon,
        Afterwards.CancelOnceConfirmed,
        Afterwards.Ship,
        Afterwards.ShipAndDeliver,
        Afterwards.ShipAndRefund,
    ];

    public static ChaosPlan Of(int seed, ChaosForm form)
    {
        var random = new Random(seed);
        return new(OrdersOf(random, seed, form), RestocksOf(random, seed, form), HarmsOf(random, form));
    }

    private static List<PlannedOrder> OrdersOf(Random random, int seed, ChaosForm form) =>
        [
            .. Enumerable
                .Range(0, form.Orders)
                .Select(number => new PlannedOrder(
                    form.Length * number / form.Orders,
                    random.Next(Shoppers),
                    string.Create(CultureInfo.InvariantCulture, $"chaos-{seed}-{number}"),
                    Goods[random.Next(Goods.Length)],
                    random.Next(1, 4),
                    s_cards[random.Next(s_cards.Length)],
                    s_ends[random.Next(s_ends.Length)],
                    TimeSpan.FromMilliseconds(random.Next(2_000))
                )),
        ];

    // One for every 40 orders, of 20 to 40 units: less than is ordered of what is scarce, so some of it runs out.
    private static List<PlannedRestock> RestocksOf(Random random, int seed, ChaosForm form) =>
        [
            .. Enumerable
                .Range(0, form.Orders / 40)
                .Select(number => new PlannedRestock(
                    form.Length * random.NextDouble(),
                    string.Create(CultureInfo.InvariantCulture, $"chaos-restock-{seed}-{number}"),
                    Goods[random.Next(Goods.Length)],
                    random.Next(20, 41)
                )),
        ];

    // Everybody is killed once before anybody is killed twice, alone or two or three at once.
    private static List<PlannedHarm> HarmsOf(Random random, ChaosForm form)
    {
        var victims = new Queue<string>();
        while (victims.Count < form.Kills)
        {
            string[] all = [.. Services, .. Servers];
            random.Shuffle(all);
            foreach (var one in all.Take(form.Kills - victims.Count))
                victims.Enqueue(one);
        }

        var groups = new List<string[]>();
        while (victims.Count > 0)
        {
            var size = Math.Min(random.Next(1, 4), victims.Count);
            groups.Add([.. Enumerable.Range(0, size).Select(_ => victims.Dequeue()).Distinct()]);
        }

        var kills = groups.Select(
            (group, number) =>
                new PlannedHarm(
                    form.Length * (0.05 + (0.9 * (number + random.NextDouble()) / groups.Count)),
                    group,
                    Freeze: false,
                    TimeSpan.FromMilliseconds(random.Next(4_000))
                )
        );
        var freezes = Enumerable
            .Range(0, form.Freezes)
            .Select(number => new PlannedHarm(
                form.Length * (0.05 + (0.7 * (number + random.NextDouble()) / form.Freezes)),
                [s_freezable[random.Next(s_freezable.Length)]],
                Freeze: true,
                s_freeze
            ));
        return [.. kills.Concat(freezes).OrderBy(harm => harm.At)];
    }
}
