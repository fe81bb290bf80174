using System.Globalization;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace Shop.Messaging;

/// <summary>
/// The dead-letter queue of a context's queue. The bus gives its messages out in their order only, so to get at one of them those
/// before it are locked for a moment and given back.
/// </summary>
internal sealed partial class ServiceBusDeadLetters(
    ServiceBusClient client,
    MessagingContext context,
    TimeProvider time,
    ILogger<ServiceBusDeadLetters> logger
) : DeadLetterQueue(context.Name), IAsyncDisposable
{
    private const int Batch = 100;
    private const string RedrivenAt = "shop:redrivenAt";

    // How long the bus may take to say that there are no more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // To find one among many; well below a caller's patience and the duration of a lock.
    private static readonly TimeSpan SearchLimit = TimeSpan.FromSeconds(5);

    private static readonly ServiceBusReceiverOptions DeadLetters = new() { SubQueue = SubQueue.DeadLetter };

    private readonly ServiceBusReceiver _peek = client.CreateReceiver(context.Name, DeadLetters);

    public override async Task<IReadOnlyList<DeadLetter>> PeekAsync(
        long from,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var letters = new List<DeadLetter>();
        while (letters.Count < limit)
        {
            var next = letters.Count == 0 ? from : letters[^1].SequenceNumber + 1;
            var peeked = await _peek.PeekMessagesAsync(limit - letters.Count, next, cancellationToken);
            if (peeked.Count == 0)
            {
                break;
            }

            letters.AddRange(peeked.Select(Describe));
        }

        return letters;
    }

    public override async Task<int> CountAsync(int limit, CancellationToken cancellationToken) =>
        (await PeekAsync(from: 0, limit, cancellationToken)).Count;

    public override Task<DeadLetterOutcome> RedriveAsync(long sequenceNumber, CancellationToken cancellationToken) =>
        TakeAsync(
            sequenceNumber,
            (receiver, letter) => ResendAsync(receiver, [letter], time.GetUtcNow(), cancellationToken),
            cancellationToken
        );

    public override Task<DeadLetterOutcome> DiscardAsync(long sequenceNumber, CancellationToken cancellationToken) =>
        TakeAsync(
            sequenceNumber,
            (receiver, letter) => receiver.CompleteMessageAsync(letter, cancellationToken),
            cancellationToken
        );

    public override async Task<RedriveReport> RedriveAllAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var begin = time.GetUtcNow();
        var redriven = 0;
        var done = await ReceiveAsync(
            limit,
            async (receiver, letters) =>
            {
                // What this redrive has sent and what has failed again stays.
                var returned = letters.Where(letter => RedrivenSince(letter, begin)).ToList();
                var wanted = letters.Except(returned).ToList();
                await ResendAsync(receiver, wanted, begin, cancellationToken);
                redriven += wanted.Count;
                return (returned, GoOn: true);
            },
            cancellationToken
        );
        return new RedriveReport(redriven, done);
    }

    public ValueTask DisposeAsync() => _peek.DisposeAsync();

    /// <summary>Does something with the one of that number, which is received for it.</summary>
    private async Task<DeadLetterOutcome> TakeAsync(
        long sequenceNumber,
        Func<ServiceBusReceiver, ServiceBusReceivedMessage, Task> act,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(sequenceNumber, cancellationToken) is null)
        {
            return DeadLetterOutcome.Unknown;
        }

        var found = false;
        await ReceiveAsync(
            SearchLimit,
            async (receiver, letters) =>
            {
                if (letters.FirstOrDefault(letter => letter.SequenceNumber == sequenceNumber) is not { } wanted)
                {
                    return (letters, GoOn: true);
                }

                await act(receiver, wanted);
                found = true;
                return ([.. letters.Where(letter => letter != wanted)], GoOn: false);
            },
            cancellationToken
        );
        return found ? DeadLetterOutcome.Done : DeadLetterOutcome.Busy;
    }

    /// <summary>
    /// Receives batches until there are no more, time is over, or <paramref name="take"/> has what it wants. What it hands back stays
    /// locked until the end, so that it is not received again, and is given back then.
    /// </summary>
    /// <returns>False if time was over.</returns>
    private async Task<bool> ReceiveAsync(
        TimeSpan limit,
        Func<
            ServiceBusReceiver,
            IReadOnlyList<ServiceBusReceivedMessage>,
            Task<(IReadOnlyList<ServiceBusReceivedMessage> Left, bool GoOn)>
        > take,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        var held = new List<ServiceBusReceivedMessage>();
        await using var receiver = client.CreateReceiver(Context, DeadLetters);
        try
        {
            while (time.GetElapsedTime(started) < limit)
            {
                var letters = await receiver.ReceiveMessagesAsync(Batch, Patience, cancellationToken);
                if (letters.Count == 0)
                {
                    return true;
                }

                var (left, goOn) = await take(receiver, letters);
                held.AddRange(left);
                if (!goOn)
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            await GiveBackAsync(receiver, held);
        }
    }

    private async Task ResendAsync(
        ServiceBusReceiver receiver,
        List<ServiceBusReceivedMessage> letters,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var sender = client.CreateSender(Context);
        var next = 0;
        while (next < letters.Count)
        {
            using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
            var first = next;
            while (next < letters.Count && batch.TryAddMessage(Copy(letters[next], now)))
            {
                next++;
            }

            if (next == first)
            {
                throw new InvalidOperationException(
                    $"Dead letter {letters[next].SequenceNumber} does not fit a batch."
                );
            }

            await sender.SendMessagesAsync(batch, cancellationToken);
            // Not cancelled between sending and removing; what could not be removed is in both places.
            await Task.WhenAll(
                letters.Skip(first).Take(next - first).Select(letter => receiver.CompleteMessageAsync(letter))
            );
        }
    }

    private async Task GiveBackAsync(ServiceBusReceiver receiver, List<ServiceBusReceivedMessage> held)
    {
        try
        {
            await Task.WhenAll(held.Select(letter => receiver.AbandonMessageAsync(letter)));
        }
        catch (ServiceBusException exception)
        {
            // Their locks are over soon anyhow.
            LogNotGivenBack(exception.Reason, Context);
        }
    }

    private static ServiceBusMessage Copy(ServiceBusReceivedMessage letter, DateTimeOffset now) =>
        new(letter) { ApplicationProperties = { [RedrivenAt] = now.ToString("O", CultureInfo.InvariantCulture) } };

    private static bool RedrivenSince(ServiceBusReceivedMessage letter, DateTimeOffset begin) =>
        RedrivenTime(letter) >= begin;

    private static DateTimeOffset? RedrivenTime(ServiceBusReceivedMessage letter) =>
        letter.ApplicationProperties.TryGetValue(RedrivenAt, out var value)
        && DateTimeOffset.TryParse(value as string, CultureInfo.InvariantCulture, out var time)
            ? time
            : null;

    private static DeadLetter Describe(ServiceBusReceivedMessage letter)
    {
        var message = Envelope.Read(letter);
        return new DeadLetter(
            letter.SequenceNumber,
            message.MessageId,
            message.Type,
            message.CorrelationId,
            letter.DeadLetterReason ?? "",
            letter.DeadLetterErrorDescription ?? "",
            letter.DeliveryCount,
            message.Time,
            RedrivenTime(letter)
        )
        {
            Body = BodyOf(letter.Body.ToMemory()),
        };
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The bus answered {Reason}; some dead letters of {Context} stay locked for a moment"
    )]
    private partial void LogNotGivenBack(ServiceBusFailureReason reason, string context);
}
