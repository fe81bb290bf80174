namespace Shop.Simulation.Tests.Histories;

/// <summary>Finds a simpler history that breaks the same rule.</summary>
internal static class Shrinking
{
    /// <summary>So many histories are tried at most.</summary>
    private const int MaxTries = 3_000;

    /// <summary>Removes choices, and makes those that stay dull or smaller, as long as the rule is still broken.</summary>
    public static History Shrink(this History failing, Flaw flaw = Flaw.None)
    {
        var best = failing;
        var tries = 0;
        bool improved;
        do
        {
            improved = false;
            foreach (var candidate in Simpler(() => best.Choices))
            {
                if (++tries > MaxTries)
                {
                    return best;
                }
                var history = History.Play(new Choices(candidate), flaw);
                if (history.Violation?.Rule == failing.Violation!.Rule && IsSimpler(history, best))
                {
                    best = history;
                    improved = true;
                }
            }
        } while (improved);
        return best;
    }

    // Fewer things out of the ordinary, then fewer steps, then an earlier end, then smaller numbers.
    private static bool IsSimpler(History one, History other) => Rank(one).CompareTo(Rank(other)) < 0;

    private static (int, int, int, long) Rank(History history) =>
        (
            history.Choices.Count(choice => choice != 0),
            history.Steps,
            history.Choices.Count,
            history.Choices.Sum(choice => (long)choice)
        );

    // Each from the best so far, which the one before may have become.
    private static IEnumerable<IReadOnlyList<int>> Simpler(Func<IReadOnlyList<int>> best)
    {
        for (var size = Math.Max(1, best().Count / 2); size >= 1; size /= 2)
        {
            for (var start = best().Count - size; start >= 0; start -= size)
            {
                var now = best();
                if (start + size <= now.Count)
                {
                    yield return [.. now.Take(start), .. now.Skip(start + size)];
                    yield return [.. now.Take(start), .. Enumerable.Repeat(0, size), .. now.Skip(start + size)];
                }
            }
        }
        for (var i = 0; i < best().Count; i++)
        {
            for (var smaller = 1; i < best().Count && smaller < best()[i]; smaller *= 2)
            {
                var now = best();
                yield return [.. now.Take(i), now[i] - smaller, .. now.Skip(i + 1)];
            }
        }
    }
}
