namespace Shop.Simulation.Tests.Histories;

/// <summary>Finds a simpler history that breaks the same rule.</summary>
internal static class Shrinking
{
    /// <summary>So many histories are tried at most.</summary>
    private const int MaxTries = 3_000;

    /// <summary>
    /// Removes choices, and makes those that stay dull or smaller, as long as the rule is still broken. A history with less out of
    /// the ordinary may be longer for a while, so it is tried to go for either.
    /// </summary>
    public static History Shrink(this History failing, Flaw flaw = Flaw.None)
    {
        var plain = failing.Shrink(flaw, history => (history.Choices.Count(choice => choice != 0), history.Steps));
        var brief = failing.Shrink(flaw, history => (history.Length, 0));
        return plain.Length < brief.Length ? plain : brief;
    }

    private static History Shrink(this History failing, Flaw flaw, Func<History, (int, int)> rank)
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
                if (
                    history.Violation?.Rule == failing.Violation!.Rule
                    && Whole(history, rank).CompareTo(Whole(best, rank)) < 0
                )
                {
                    best = history;
                    improved = true;
                }
            }
        } while (improved);
        return best;
    }

    // Among equals the one whose choices end earlier, and are smaller.
    private static ((int, int), int, long) Whole(History history, Func<History, (int, int)> rank) =>
        (rank(history), history.Choices.Count, history.Choices.Sum(choice => (long)choice));

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
