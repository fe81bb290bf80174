using Npgsql;

namespace Shop.Chaos.Tests;

/// <summary>Looks at the stock again and again while the shop is harmed.</summary>
internal sealed class StockSamples(ChaosShop shop, Journal journal)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    private readonly List<string> _wrong = [];

    /// <summary>How often it was looked at.</summary>
    public int Count { get; private set; }

    /// <summary>What was seen and may never be.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    public async Task RunAsync(CancellationToken untilThen)
    {
        while (!untilThen.IsCancellationRequested)
        {
            try
            {
                _wrong.AddRange(
                    await shop.ReadAsync(
                        "inventorydb",
                        """
                        select item.product_id, available, reserved, available_sum, reserved_sum
                        from stock_items item
                        join (select product_id, sum(available_change) available_sum, sum(reserved_change) reserved_sum
                              from stock_movements group by product_id) ledger using (product_id)
                        where available < 0 or reserved < 0 or available <> available_sum or reserved <> reserved_sum
                        """,
                        row =>
                            $"at {journal.Elapsed.TotalSeconds:0.0} s product {row.GetGuid(0)} has {row[1]} available and {row[2]} reserved; the ledger says {row[3]} and {row[4]}"
                    )
                );
                Count++;
            }
            catch (NpgsqlException)
            {
                // The server is away at the moment.
            }
            await Task.Delay(s_interval, CancellationToken.None);
        }
    }
}
