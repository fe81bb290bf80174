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
