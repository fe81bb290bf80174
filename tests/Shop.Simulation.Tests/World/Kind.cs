namespace Shop.Simulation.Tests.World;

/// <summary>
/// The usual steps, in the order in which a dull history takes them: what was begun is ended first, people act when the services
/// are idle, and time passes when nothing else happens.
/// </summary>
internal enum Kind
{
    Settle,
    Commit,
    EndRound,
    Conclude,
    Ask,
    Receive,
    Relay,
    Claim,
    Expire,
    AskLate,
    Place,
    Cancel,
    Ship,
    Deliver,
    RefundEarly,
    Refund,
    Redrive,
    Wait,
}
