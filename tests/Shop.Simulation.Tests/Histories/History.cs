using Shop.Simulation.Tests.World;

namespace Shop.Simulation.Tests.Histories;

/// <summary>A history that was played to its end, or to the violation of a rule.</summary>
/// <param name="Choices">Plays the same history again.</param>
/// <param name="Violation">What went wrong, if anything did.</param>
/// <param name="Steps">How many steps there were.</param>
/// <param name="Seen">What kinds of things have happened; empty after a violation.</param>
internal sealed record History(IReadOnlyList<int> Choices, Violation? Violation, int Steps, IEnumerable<string> Seen)
{
    /// <summary>How much there is to read: the steps, and what is out of the ordinary once more.</summary>
    public int Length => Steps + Choices.Count(choice => choice != 0);

    /// <summary>Plays a history.</summary>
    /// <param name="choices">Decide what happens.</param>
    /// <param name="flaw">What is wrong with the simulated infrastructure, to see that it is noticed.</param>
    /// <param name="tell">Gets a line for each step.</param>
    public static History Play(Choices choices, Flaw flaw = Flaw.None, Action<string>? tell = null)
    {
        var world = new SimulatedShop(choices, flaw, tell);
        Violation? violation = null;
        try
        {
            world.Run();
        }
        catch (Violation exception)
        {
            violation = exception;
        }
        // What is dull at the end need not be said.
        var count = choices.Made.Count;
        while (count > 0 && choices.Made[count - 1] == 0)
        {
            count--;
        }
        return new History([.. choices.Made.Take(count)], violation, world.Steps, violation is null ? world.Seen : []);
    }
}
