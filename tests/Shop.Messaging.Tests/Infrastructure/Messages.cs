namespace Shop.Messaging.Tests;

internal sealed record Ping(int Number, string Text = "")
{
    public const string Type = "shop.tests.ping.v1";
}

internal sealed record Pong(int Number)
{
    public const string Type = "shop.tests.pong.v1";
}

/// <summary>Goes to a queue that does not exist.</summary>
internal sealed record Lost(int Number)
{
    public const string Type = "shop.tests.lost.v1";
}

/// <summary>What a handler does is the test's to say.</summary>
internal sealed class PingHandler(Script script, LedgerContext database, Outbox<LedgerContext> outbox)
    : IMessageHandler<Ping>
{
    public Task HandleAsync(Ping message, MessageContext context, CancellationToken cancellationToken) =>
        script.OnPing(new Turn(message, context, database, outbox, cancellationToken));
}

internal sealed class SecondPingHandler(Script script, LedgerContext database, Outbox<LedgerContext> outbox)
    : IMessageHandler<Ping>
{
    public Task HandleAsync(Ping message, MessageContext context, CancellationToken cancellationToken) =>
        script.OnSecondPing(new Turn(message, context, database, outbox, cancellationToken));
}

/// <summary>Handled with all the others that wait.</summary>
internal sealed record Sheet(int Number)
{
    public const string Type = "shop.tests.sheet.v1";
}

internal sealed class SheetHandler(Script script, LedgerContext database) : IMessageBatchHandler<Sheet>
{
    public Task HandleAsync(IReadOnlyList<Received<Sheet>> messages, CancellationToken cancellationToken) =>
        script.OnSheets(messages, database);
}

internal sealed record Turn(
    Ping Message,
    MessageContext Context,
    LedgerContext Database,
    Outbox<LedgerContext> Outbox,
    CancellationToken Cancel
)
{
    public void Note(string text) => Database.Add(new Entry { Text = text });
}

internal sealed class Script
{
    public Func<Turn, Task> OnPing { get; set; } =
        turn =>
        {
            turn.Note($"ping {turn.Message.Number}");
            return Task.CompletedTask;
        };

    public Func<Turn, Task> OnSecondPing { get; set; } = _ => Task.CompletedTask;

    public Func<IReadOnlyList<Received<Sheet>>, LedgerContext, Task> OnSheets { get; set; } =
        (_, _) => Task.CompletedTask;
}
