using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Shop.ServiceDefaults;

namespace Shop.Messaging;

/// <summary>
/// The verbs <c>dead-letters [number]</c>, <c>redrive number|all</c> and <c>discard number</c> of every service. In a process of
/// several contexts the context's name comes first: <c>redrive ordering all</c>.
/// </summary>
internal static class DeadLetterVerbs
{
    private const string List = "dead-letters";
    private const string Redrive = "redrive";
    private const string Discard = "discard";
    private const int PageSize = 100;

    private static readonly TimeSpan RoundLimit = TimeSpan.FromSeconds(30);

    public static void AddDeadLetterVerbs(this IServiceCollection services)
    {
        services.AddVerb(
            List,
            "lists messages that could not be handled, or shows the one of a number",
            (scope, args, cancellationToken) => RunAsync(scope, args, ListAsync, cancellationToken)
        );
        services.AddVerb(
            Redrive,
            "has the dead letter of a number, or all of them, handled again",
            (scope, args, cancellationToken) => RunAsync(scope, args, RedriveAsync, cancellationToken)
        );
        services.AddVerb(
            Discard,
            "removes the dead letter of a number for good, and shows it for the last time",
            (scope, args, cancellationToken) => RunAsync(scope, args, DiscardAsync, cancellationToken)
        );
    }

    private static async Task<int> RunAsync(
        IServiceProvider services,
        string[] args,
        Func<DeadLetterQueue, string?, CancellationToken, Task<int>> run,
        CancellationToken cancellationToken
    )
    {
        // Settings may follow, as they may after every verb.
        var words = args.Where(arg => !arg.StartsWith('-')).ToList();
        var queues = services.GetServices<DeadLetterQueue>().ToList();
        if (words is [var name, ..] && queues.Find(queue => queue.Context == name) is { } named)
        {
            queues = [named];
            words.RemoveAt(0);
        }

        if (queues is not [var queue])
        {
            var names = string.Join(", ", queues.Select(one => one.Context));
            return await FailAsync($"Say whose dead letters, as the first word after the verb: one of {names}.");
        }

        if (words.Count > 1)
        {
            return await FailAsync($"'{words[1]}' is one word too many.");
        }

        await queue.PrepareAsync(cancellationToken);
        return await run(queue, words.FirstOrDefault(), cancellationToken);
    }

    private static async Task<int> ListAsync(DeadLetterQueue queue, string? word, CancellationToken cancellationToken)
    {
        if (word is not null)
        {
            return await ShowAsync(queue, word, cancellationToken);
        }

        var count = 0;
        for (long? next = 0; next is { } from; )
        {
            var page = await queue.ListAsync(from, PageSize, cancellationToken);
            foreach (var letter in page.Items)
            {
                await Console.Out.WriteLineAsync(Line(letter));
            }

            count += page.Items.Count;
            next = page.NextCursor;
        }

        await Console.Out.WriteLineAsync($"{queue.Context}: {count} dead letter{(count == 1 ? "" : "s")}.");
        return 0;
    }

    private static async Task<int> ShowAsync(DeadLetterQueue queue, string word, CancellationToken cancellationToken)
    {
        if (!TryNumber(word, out var number))
        {
            return await FailAsync($"'{word}' is no number; give that of a line of the list.");
        }

        if (await queue.FindAsync(number, cancellationToken) is not { } letter)
        {
            return await FailAsync($"{queue.Context} has no dead letter {number}.");
        }

        await Console.Out.WriteLineAsync(Line(letter));
        await Console.Out.WriteLineAsync(letter.Body?.ToJsonString());
        return 0;
    }

    private static async Task<int> RedriveAsync(
        DeadLetterQueue queue,
        string? word,
        CancellationToken cancellationToken
    )
    {
        if (word == "all")
        {
            return await RedriveAllAsync(queue, cancellationToken);
        }

        if (!TryNumber(word, out var number))
        {
            return await FailAsync($"Say which: a number of the list ('{List}'), or 'all'.");
        }

        var outcome = await queue.RedriveAsync(number, cancellationToken);
        return await TellAsync(queue, number, outcome, "is in the queue again");
    }

    private static async Task<int> DiscardAsync(
        DeadLetterQueue queue,
        string? word,
        CancellationToken cancellationToken
    )
    {
        if (!TryNumber(word, out var number))
        {
            return await FailAsync($"Say which: a number of the list ('{List}').");
        }

        // Show the message first: nothing else keeps a copy.
        if (await ShowAsync(queue, word!, cancellationToken) is not 0 and var failure)
        {
            return failure;
        }

        var outcome = await queue.DiscardAsync(number, cancellationToken);
        return await TellAsync(queue, number, outcome, "is discarded");
    }

    private static async Task<int> TellAsync(DeadLetterQueue queue, long number, DeadLetterOutcome outcome, string done)
    {
        switch (outcome)
        {
            case DeadLetterOutcome.Done:
                await Console.Out.WriteLineAsync($"{queue.Context}: dead letter {number} {done}.");
                return 0;
            case DeadLetterOutcome.Unknown:
                return await FailAsync($"{queue.Context} has no dead letter {number}.");
            default:
                return await FailAsync($"Dead letter {number} of {queue.Context} is locked at the moment; try again.");
        }
    }

    private static async Task<int> RedriveAllAsync(DeadLetterQueue queue, CancellationToken cancellationToken)
    {
        var total = 0;
        RedriveReport report;
        do
        {
            report = await queue.RedriveAllAsync(RoundLimit, cancellationToken);
            total += report.Redriven;
            await Console.Out.WriteLineAsync(
                $"{queue.Context}: {total} dead letter{(total == 1 ? " is" : "s are")} in the queue again."
            );
        } while (report is { Done: false, Redriven: > 0 });
        return report.Done ? 0 : await FailAsync("The rest is locked at the moment; try again.");
    }

    private static string Line(DeadLetter letter) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{letter.SequenceNumber}\t{letter.SentAt:u}\t{letter.Type}\t{letter.CorrelationId}\t{letter.DeliveryCount} deliveries\t{letter.Reason}: {letter.Description}"
        );

    private static bool TryNumber(string? word, out long number) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static async Task<int> FailAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 1;
    }
}
