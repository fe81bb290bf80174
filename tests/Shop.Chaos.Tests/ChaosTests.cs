using System.Text.RegularExpressions;
using Npgsql;

namespace Shop.Chaos.Tests;

/// <summary>
/// The shop under load while its services and servers are killed and frozen. Then everything has to agree. README.md says how to
/// run the full form and how to repeat a run.
/// </summary>
[Collection(nameof(ChaosShop))]
public sealed class ChaosTests(ChaosShop shop)
{
    // A payment that nobody answers ends after 45 s; messages of killed consumers come again after 10 s.
    private static readonly TimeSpan s_quietLimit = TimeSpan.FromMinutes(4);

    // A failed run with thousands of lines helps nobody.
    private const int Shown = 25;

    [Fact]
    public async Task Whatever_is_killed_or_frozen_under_load_every_book_agrees_afterwards()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGSTOP.");
        var (seed, form) = (ChaosForm.Seed, ChaosForm.Chosen);
        var plan = ChaosPlan.Of(seed, form);
        var before = await Reconciliation.StockOfAsync(shop);
        var journal = new Journal();
        var shoppers = new Shoppers(shop, journal);
        await shoppers.ArriveAsync();
        journal.Begin();
        var harm = new Harm(shop, journal);
        var samples = new StockSamples(shop, journal);
        using var isQuiet = new CancellationTokenSource();

        var sampling = samples.RunAsync(isQuiet.Token);
        var shopping = shoppers.RunAsync(plan);
        var differences = new List<string>();
        try
        {
            await Task.WhenAll(shopping, harm.RunAsync(plan.Harms));
            differences.AddRange(await shoppers.RepeatAsync());
            differences.AddRange(
                await QuietAsync(shoppers, new Reconciliation(shop, seed, before, plan, shoppers.Placed))
            );
        }
        catch (Exception problem) when (problem is TimeoutException or InvalidOperationException)
        {
            differences.Add(problem.Message);
        }
        finally
        {
            await isQuiet.CancelAsync();
            await sampling;
        }

        differences.AddRange(samples.Wrong);
        differences.AddRange(shoppers.Surprises);
        var summary =
            $"Seed {seed}: {shoppers.Placed.Count} orders, {harm.Kills} kills, {shoppers.Unanswered.Count} requests without an answer ({shoppers.Unanswered.Reasons}), {samples.Count} looks at the stock, {journal.Elapsed.TotalSeconds:0} s.";
        TestContext.Current.SendDiagnosticMessage(summary);
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.True(differences.Count == 0, await ReportAsync(summary, seed, differences, journal, shoppers));
        Assert.True(
            harm.Kills >= 10
                && samples.Count > 0
                && shoppers.Unanswered.Count > 0
                && shoppers.Placed.Any(order => order.IsCancellationAccepted)
                && shoppers.Placed.Any(order => order.IsRefundAccepted),
            $"That was no chaos. {summary}"
        );
    }

    private static async Task<IReadOnlyList<string>> QuietAsync(Shoppers shoppers, Reconciliation books)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_quietLimit);
        while (true)
        {
            IReadOnlyList<string> wrong =
            [
                .. await books.DifferencesAsync(),
                .. await shoppers.DeadLettersAsync(Reconciliation.Contexts),
            ];
            if (wrong.Count == 0 || limit.IsCancellationRequested)
                return wrong;
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        }
    }

    private async Task<string> ReportAsync(
        string summary,
        int seed,
        List<string> differences,
        Journal journal,
        Shoppers shoppers
    )
    {
        var shown = differences.Take(Shown).ToList();
        var text = string.Join('\n', shown);
        List<string> report =
        [
            summary,
            $"Repeat it with SHOP_CHAOS_SEED={seed}. {differences.Count} differences, the first of them:",
            .. shown,
            "What was done to the shop:",
            .. journal.About(Harm.IsTarget),
        ];
        var concerned = shoppers.Placed.Where(order =>
            text.Contains(order.Id, StringComparison.Ordinal) || IsNamed(order.Plan.Key, text)
        );
        foreach (var order in concerned.Take(5))
        {
            report.Add($"Order {order.Id}, {order.Plan}:");
            report.AddRange(journal.About(about => about == order.Plan.Key));
            report.AddRange(await TimelineAsync(order.Id));
        }
        return string.Join('\n', report);
    }

    private async Task<IReadOnlyList<string>> TimelineAsync(string order)
    {
        try
        {
            return await shop.ReadAsync(
                "orderingdb",
                $"select timeline from order_sagas where order_id = '{order}'",
                row => $"its saga: {row.GetString(0)}"
            );
        }
        catch (NpgsqlException problem)
        {
            return [$"its saga cannot be read: {problem.Message}"];
        }
    }

    private static bool IsNamed(string key, string text) => Regex.IsMatch(text, $@"\b{Regex.Escape(key)}\b");
}
