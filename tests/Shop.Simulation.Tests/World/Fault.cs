namespace Shop.Simulation.Tests.World;

/// <summary>What goes wrong between two steps.</summary>
internal enum Fault
{
    CrashOrdering,
    CrashInventory,
    CrashPayments,
    Duplicate,
    LoseDelivery,
    Delay,
    Pause,
}
