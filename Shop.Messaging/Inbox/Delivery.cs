namespace Shop.Messaging;

/// <summary>A message on its way to one handler.</summary>
internal sealed record Delivery(Subscription Handler, object Message, MessageContext Context)
{
    /// <summary>The trace and the log scope of the delivery, wherever its handler comes to run.</summary>
    public ExecutionContext? Surroundings { get; } = ExecutionContext.Capture();

    /// <summary>Does something in the surroundings in which the message was delivered.</summary>
    public Task RunAsync(Func<Task> work)
    {
        if (Surroundings is null)
        {
            return work();
        }

        Task? working = null;
        ExecutionContext.Run(Surroundings, _ => working = work(), state: null);
        return working!;
    }
}
