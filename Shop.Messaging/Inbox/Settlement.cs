namespace Shop.Messaging;

/// <summary>What becomes of a delivered message.</summary>
internal abstract record Settlement
{
    /// <summary>The word for it in metrics.</summary>
    public abstract string Outcome { get; }

    /// <summary>It is handled and leaves the queue.</summary>
    public sealed record Handled : Settlement
    {
        public override string Outcome => "handled";
    }

    /// <summary>It was handled before; it leaves the queue.</summary>
    public sealed record Duplicate : Settlement
    {
        public override string Outcome => "duplicate";
    }

    /// <summary>It goes back to the queue; after the queue's maximum of deliveries the bus dead-letters it.</summary>
    public sealed record Retry : Settlement
    {
        public override string Outcome => "retried";
    }

    /// <summary>It can never be handled and goes to the dead-letter queue.</summary>
    public sealed record DeadLetter(string Reason, string Description) : Settlement
    {
        public override string Outcome => "dead-lettered";
    }
}
