using System.Globalization;
using Shop.Simulation.Tests.Histories;

namespace Shop.Simulation.Tests;

/// <summary>
/// Thousands of histories of Ordering, Inventory and Payments, each made up by a seed; see docs/decisions/0020.
/// <c>SHOP_SIMULATION_SEEDS</c> says how many, and <c>SHOP_SIMULATION_SEED</c> plays a single one and tells it.
/// </summary>
public sealed class SagaSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 10_000;

    [Fact]
    public void Whatever_is_reordered_duplicated_delayed_lost_or_crashes_the_shop_comes_to_a_right_end()
    {
        if (Setting("SHOP_SIMULATION_SEED") is { } only)
        {
            Assert.Null(Tell((ulong)only));
            return;
        }

        var seeds = Setting("SHOP_SIMULATION_SEEDS") ?? Seeds;
        var started = TimeProvider.System.GetTimestamp();
        var steps = 0L;
        var loop = Parallel.For(
            0,
            seeds,
            (seed, state) =>
            {
                var history = History.Play(new Choices((ulong)seed));
                Interlocked.Add(ref steps, history.Steps);
                if (history.Violation is not null)
                {
                    // The lowest seed that fails, whatever the threads do.
                    state.Break();
                }
            }
        );

        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{seeds} histories, {steps} steps, {seeds / seconds:0} histories a second"
            )
        );
        Assert.Null(loop.LowestBreakIteration is { } failed ? Tell((ulong)failed) : null);
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
        Assert.True(shrunk.Steps <= failing.Steps, "The shrunk history is longer.");
        Assert.Null(History.Play(new Choices(shrunk.Choices)).Violation);
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
            {string.Join(Environment.NewLine, lines)}
            Play it again: SHOP_SIMULATION_SEED={seed} dotnet run --project tests/Shop.Simulation.Tests
            """;
    }
}
