using Azure.Messaging.ServiceBus;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.Messaging;

/// <summary>
/// Receives from the context's queue and settles each message as its handling says. A message is completed after its handlers'
/// transactions are committed, so a crash in between delivers it again, and the inbox then knows it.
/// </summary>
internal sealed partial class ServiceBusDispatcher<TContext>(
    ServiceBusClient client,
    MessagingContext<TContext> context,
    MessageHandling<TContext> handling,
    ITransport transport,
    MessagingSettings settings,
    ILogger<ServiceBusDispatcher<TContext>> logger
) : BackgroundService
    where TContext : DbContext
{
    // Handlers may finish when the service stops, but not take for ever.
    private readonly CancellationTokenSource _stopped = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var processor = client.CreateProcessor(
            context.Name,
            new ServiceBusProcessorOptions
            {
                AutoCompleteMessages = false,
                MaxConcurrentCalls = settings.Concurrency,
                PrefetchCount = settings.Concurrency,
                MaxAutoLockRenewalDuration = TimeSpan.FromMinutes(5),
            }
        );
        processor.ProcessMessageAsync += OnMessageAsync;
        processor.ProcessErrorAsync += OnErrorAsync;
        await processor.StartProcessingAsync(stoppingToken);
        try
        {
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _stopped.CancelAfter(settings.StopLimit);
            await processor.StopProcessingAsync(CancellationToken.None);
        }
    }

    public override void Dispose()
    {
        _stopped.Dispose();
        base.Dispose();
    }

    private async Task OnMessageAsync(ProcessMessageEventArgs args)
    {
        var message = Envelope.Read(args.Message);
        using var delivery = DeliveryScope.Begin(
            logger,
            transport.System,
            context.Name,
            message,
            Envelope.ReadTrace(args.Message)
        );

        var settlement = await handling.HandleAsync(message, args.Message.Body.ToMemory(), _stopped.Token);
        switch (settlement)
        {
            case Settlement.DeadLetter letter:
                await args.DeadLetterMessageAsync(args.Message, letter.Reason, letter.Description);
                break;
            case Settlement.Retry:
                await PauseAsync(message.DeliveryCount, args.CancellationToken);
                await args.AbandonMessageAsync(args.Message);
                break;
            default:
                await args.CompleteMessageAsync(args.Message);
                break;
        }
    }

    /// <summary>The bus gives an abandoned message back at once, so the pause between deliveries is made before.</summary>
    private async Task PauseAsync(int deliveryCount, CancellationToken stopping)
    {
        var pause = Backoff.After(deliveryCount, settings.RedeliveryPause, settings.MaxRedeliveryPause);
        await Task.Delay(pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task OnErrorAsync(ProcessErrorEventArgs args)
    {
        if (args.CancellationToken.IsCancellationRequested)
            return Task.CompletedTask;

        // What the bus itself says (gone for now, lock lost) needs no stack trace.
        if (args.Exception is ServiceBusException answer)
            LogBusAnswered(answer.Reason, args.ErrorSource, args.EntityPath);
        else
            LogBusFailed(args.Exception, args.ErrorSource, args.EntityPath);

        return Task.CompletedTask;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The bus answered {Reason} to {Operation} on {Queue}; the message comes again, or the processor tries again"
    )]
    private partial void LogBusAnswered(ServiceBusFailureReason reason, ServiceBusErrorSource operation, string queue);

    [LoggerMessage(LogLevel.Warning, "The bus failed at {Operation} on {Queue}; the processor tries again")]
    private partial void LogBusFailed(Exception exception, ServiceBusErrorSource operation, string queue);
}
