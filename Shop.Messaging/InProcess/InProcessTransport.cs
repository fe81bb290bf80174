using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.Messaging;

/// <summary>
/// For contexts that share a process and need no broker: each context's queue is a table in its own database
/// (<see cref="QueueStore{TContext}"/>), and the relays put messages there. What the bus promises holds here too: a message is
/// in the outbox, in the queue, or handled, wherever the process dies; it is delivered again until then, and what cannot be
/// handled becomes a dead letter.
/// </summary>
internal sealed class InProcessTransport : ITransport
{
    public string System => "in_process";

    public void AddShared(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IOutboxSender, InProcessSender>();
        // Before any relay or receiver, as hosted services start in their order.
        services.AddHostedService<InProcessStart>();
        services.AddHealthChecks().AddCheck<InProcessHealthCheck>("messaging");
    }

    public void AddReceiver<TContext>(IServiceCollection services)
        where TContext : DbContext
    {
        services.AddSingleton<QueueStore<TContext>>();
        services.AddSingleton<MessageQueue<TContext>>();
        services.AddSingleton<MessageQueue>(provider => provider.GetRequiredService<MessageQueue<TContext>>());
        services.AddSingleton<DeadLetterQueue, InProcessDeadLetters<TContext>>();
        services.AddHostedService<QueueDispatcher<TContext>>();
    }
}
