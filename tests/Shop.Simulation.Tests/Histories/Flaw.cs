namespace Shop.Simulation.Tests.Histories;

/// <summary>
/// What can be made wrong with the infrastructure that is simulated, so that a test sees the rules notice it. The product's
/// own code is broken by hand; see docs/decisions/0020.
/// </summary>
internal enum Flaw
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The inbox forgets what it has seen.</summary>
    ForgetfulInbox,

    /// <summary>State is committed before the outbox, and a crash comes between them.</summary>
    OutboxOutsideTheTransaction,

    /// <summary>The provider does not know an idempotency key again.</summary>
    ForgetfulProvider,

    /// <summary>Ordering's rows have no version: of two changes at the same moment the later one wins.</summary>
    LastWriteWins,
}
