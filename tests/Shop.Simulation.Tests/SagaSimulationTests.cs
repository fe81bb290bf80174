using System.Globalization;
using Shop.Simulation.Tests.Histories;
using Shop.Simulation.Tests.World;

namespace Shop.Simulation.Tests;

/// <summary>
/// Thousands of histories of Ordering, Inventory and Payments, each made up by a seed; see docs/decisions/0020.
/// <c>SHOP_SIMULATION_SEEDS</c> says how many, and <c>SHOP_SIMULATION_SEED</c> plays a single one and tells it.
/// </summary>
public sealed class SagaSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 10_000;

    // What never comes to rest says the same again and again.
    private const int MaxLines = 150;

    // On a machine that is busy with other tests; where seeds are asked for, all of them are played.
    private static readonly TimeSpan ShortForm = TimeSpan.FromSeconds(10);

    [Fact]
    public void Whatever_is_reordered_duplicated_delayed_lost_or_crashes_the_shop_comes_to_a_right_end()
    {
        var failed = Setting("SHOP_SIMULATION_SEED") ?? Search();
        if (failed is { } seed && Tell((ulong)seed) is { } story)
        {
            Assert.Fail(story);
        }
    }

    [Theory]
    [InlineData(nameof(Flaw.ForgetfulInbox))]
    [InlineData(nameof(Flaw.OutboxOutsideTheTransaction))]
    [InlineData(nameof(Flaw.ForgetfulProvider))]
    [InlineData(nameof(Flaw.LastWriteWins))]
    public void A_flaw_of_the_infrastructure_is_noticed_and_its_history_shrunk(string name)
    {
        var flaw = Enum.Parse<Flaw>(name);
        var seed = Enumerable
            .Range(0, Seeds)
            .FirstOrDefault(seed => History.Play(new Choices((ulong)seed), flaw).Violation is not null, -1);
        Assert.True(seed >= 0, $"No history of {Seeds} notices {flaw}.");

        var failing = History.Play(new Choices((ulong)seed), flaw);
        var shrunk = failing.Shrink(flaw);
        var story = new List<string>();
        var again = History.Play(new Choices(shrunk.Choices), flaw, story.Add);
        output.WriteLine(
            $"Seed {seed}, {failing.Steps} steps, shrunk to {shrunk.Steps}: {again.Violation?.Message}{Environment.NewLine}{string.Join(Environment.NewLine, story)}"
        );
        Assert.Equal(failing.Violation!.Rule, again.Violation?.Rule);
        Assert.True(shrunk.Length <= failing.Length, "The shrunk history is longer.");
        Assert.Null(History.Play(new Choices(shrunk.Choices)).Violation);
    }

    [Fact]
    public void The_histories_reach_every_kind_of_step_fault_and_end()
    {
        string[] all =
        [
            .. Enum.GetNames<Kind>(),
            .. Enum.GetNames<Fault>(),
            "Confirmed",
            "Shipped",
            "Delivered",
            "OutOfStock",
            "PaymentDeclined",
            "PaymentTimedOut",
            "StockTimedOut",
            "CancelledByCustomer",
            "RefundedAfterShipping",
            "StockGoneAfterConfirmation",
        ];
        var missing = all.ToHashSet();
        Parallel.For(
            0,
            Seeds,
            (seed, state) =>
            {
                var seen = History.Play(new Choices((ulong)seed)).Seen;
                lock (missing)
                {
                    missing.ExceptWith(seen);
                    if (missing.Count == 0)
                    {
                        state.Stop();
                    }
                }
            }
        );

        Assert.Empty(missing);
    }

    [Fact]
    public void A_seed_always_tells_the_same_story()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            Assert.Equal(StoryOf(seed), StoryOf(seed));
        }

        static List<string> StoryOf(ulong seed)
        {
            var story = new List<string>();
            History.Play(new Choices(seed), tell: story.Add);
            return story;
        }
    }

    /// <summary>Plays histories on all cores, the seeds in their order, until one fails. Returns the lowest seed that did.</summary>
    private long? Search()
    {
        var seeds = Setting("SHOP_SIMULATION_SEEDS");
        var limit = seeds is null ? ShortForm : TimeSpan.MaxValue;
        var started = TimeProvider.System.GetTimestamp();
        long taken = 0,
            played = 0,
            steps = 0,
            failed = long.MaxValue;
        Parallel.For(
            0,
            Environment.ProcessorCount,
            _ =>
            {
                while (Elapsed() < limit && Interlocked.Increment(ref taken) - 1 is var seed && seed < (seeds ?? Seeds))
                {
                    if (Interlocked.Read(ref failed) != long.MaxValue)
                    {
                        return;
                    }

                    var history = History.Play(new Choices((ulong)seed));
                    Interlocked.Increment(ref played);
                    Interlocked.Add(ref steps, history.Steps);
                    if (history.Violation is not null)
                    {
                        InterlockedMin(ref failed, seed);
                    }
                }
            }
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{played} histories, {steps} steps, {played / Elapsed().TotalSeconds:0} histories a second"
            )
        );
        return failed == long.MaxValue ? null : failed;

        TimeSpan Elapsed() => TimeProvider.System.GetElapsedTime(started);
    }

    private static void InterlockedMin(ref long least, long value)
    {
        long now;
        while (value < (now = Interlocked.Read(ref least)))
        {
            Interlocked.CompareExchange(ref least, value, now);
        }
    }

    private static long? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : null;

    /// <summary>Plays a seed's history, shrinks it if it fails, and tells what is left.</summary>
    private string? Tell(ulong seed)
    {
        var history = History.Play(new Choices(seed));
        if (history.Violation is null)
        {
            output.WriteLine($"Seed {seed} ends well after {history.Steps} steps:");
            History.Play(new Choices(seed), tell: output.WriteLine);
            return null;
        }
        var shrunk = history.Shrink();
        var lines = new List<string>();
        History.Play(new Choices(shrunk.Choices), tell: lines.Add);
        return $"""
            Seed {seed}: {history.Violation.Message}
            Shrunk from {history.Steps} to {shrunk.Steps} steps with {shrunk.Choices.Count(choice =>
                choice != 0
            )} choices: {shrunk.Violation!.Message}
            {string.Join(Environment.NewLine, lines.Take(MaxLines))}
            Play it again: SHOP_SIMULATION_SEED={seed} dotnet run --project tests/Shop.Simulation.Tests
            """;
    }
}
