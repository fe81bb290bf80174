using System.Diagnostics;
using System.Globalization;
using Shop.Testing;

namespace Shop.Chaos.Tests;

/// <summary>Kills and freezes, by plan.</summary>
internal sealed class Harm(ChaosShop shop, Journal journal)
{
    // Nobody is killed again before he is back.
    private readonly Dictionary<string, SemaphoreSlim> _turns = ChaosPlan
        .Services.Concat(ChaosPlan.Servers)
        .ToDictionary(target => target, _ => new SemaphoreSlim(1));

    private int _kills;

    /// <summary>How often somebody was killed.</summary>
    public int Kills => _kills;

    /// <summary>Does all that is planned, and returns when everybody is back.</summary>
    public Task RunAsync(IEnumerable<PlannedHarm> harms) => Task.WhenAll(harms.Select(RunAsync));

    public static bool IsTarget(string about) =>
        ChaosPlan.Services.Contains(about) || ChaosPlan.Servers.Contains(about);

    private async Task RunAsync(PlannedHarm harm)
    {
        await journal.WaitUntilAsync(harm.At);
        await Task.WhenAll(harm.Targets.Select(target => InTurnAsync(target, harm)));
    }

    private async Task InTurnAsync(string target, PlannedHarm harm)
    {
        var turn = _turns[target];
        await turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await (harm.Freeze ? FreezeAsync(target, harm.For) : KillAsync(target, harm.For));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>SIGKILL, and a start after a while.</summary>
    public async Task KillAsync(string target, TimeSpan away)
    {
        using (var process = shop.ProcessOf(target))
            process.Kill();
        Interlocked.Increment(ref _kills);
        journal.Note(target, "killed");
        await Task.Delay(away, TestContext.Current.CancellationToken);
        await shop.RestartAsync(target);
        journal.Note(target, "back");
    }

    /// <summary>SIGSTOP, and SIGCONT after a while.</summary>
    private async Task FreezeAsync(string target, TimeSpan time)
    {
        using var process = shop.ProcessOf(target);
        await SignalAsync("-STOP", process.Id);
        journal.Note(target, "frozen");
        try
        {
            await Task.Delay(time, TestContext.Current.CancellationToken);
        }
        finally
        {
            await SignalAsync("-CONT", process.Id);
            journal.Note(target, "goes on");
        }
    }

    private static async Task SignalAsync(string signal, int pid)
    {
        using var kill = Process.Start("kill", [signal, pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
