namespace Shop.Simulation.Tests.Histories;

/// <summary>Something that must never be, with the rule that it breaks.</summary>
internal sealed class Violation(string rule, string what) : Exception($"{rule}: {what}")
{
    /// <summary>The rule, the same for every history that breaks it.</summary>
    public string Rule { get; } = rule;
}
