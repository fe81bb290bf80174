namespace Shop.Simulation.Tests.Histories;

/// <summary>
/// Everything that a history leaves open, as a list of numbers: which step comes next, what the bus does to a message, what a
/// customer buys. A seed makes the numbers up; a recorded list repeats them. Zero is always the dull choice (the oldest message,
/// no fault), and it is what follows the end of the list, so that a shorter list is a simpler history.
/// </summary>
internal sealed class Choices
{
    /// <summary>More than this is never left open; the rest of the history is dull.</summary>
    private const int Limit = 1200;

    private readonly List<int> _made = [];
    private readonly IReadOnlyList<int>? _recorded;
    private readonly int _limit = Limit;
    private readonly int _faultsInThousand;
    private ulong _state;

    /// <summary>Choices that a seed makes. How many there are, and how many faults among them, depends on it, too.</summary>
    public Choices(ulong seed)
    {
        _state = seed;
        _limit = 40 + Random(160);
        int[] rates = [0, 20, 80, 200];
        _faultsInThousand = rates[Random(rates.Length)];
    }

    /// <summary>Choices that were recorded.</summary>
    public Choices(IReadOnlyList<int> recorded) => _recorded = recorded;

    /// <summary>What was chosen so far.</summary>
    public IReadOnlyList<int> Made => _made;

    /// <summary>Whether a number is left that is not the dull one.</summary>
    public bool AreLeft => _made.Count < (_recorded?.Count ?? _limit);

    /// <summary>A number from 0 to below the count.</summary>
    public int Next(int count) => count == 1 ? 0 : Record(Recorded(count) ?? Random(count), count);

    /// <summary>The number of the next step: one of the usual ones, or, now and then, one of the faults that follow them.</summary>
    public int NextStep(int usual, int faults)
    {
        var count = AreLeft ? usual + faults : usual;
        return Record(
            Recorded(count) ?? (Random(1000) < _faultsInThousand ? usual + Random(faults) : Random(usual)),
            count
        );
    }

    private int? Recorded(int count) =>
        !AreLeft ? 0
        : _recorded is null ? null
        : _recorded[_made.Count] % count;

    private int Record(int choice, int count)
    {
        _made.Add(choice % count);
        return choice % count;
    }

    // SplitMix64: the same on every machine and in every version of .NET.
    private int Random(int count)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)count);
    }
}
