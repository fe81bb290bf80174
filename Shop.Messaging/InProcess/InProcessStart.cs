using Microsoft.Extensions.Hosting;

namespace Shop.Messaging;

/// <summary>Before anything is relayed: whoever is sent a command is in this process, and every queue has its tables.</summary>
internal sealed class InProcessStart(IEnumerable<MessagingContext> contexts, IEnumerable<MessageQueue> queues)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var names = queues.Select(queue => queue.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var context in contexts)
        {
            var strange = context.Routes.All.FirstOrDefault(route =>
                route.Destination != MessagingContext.TopicOf(context.Name) && !names.Contains(route.Destination)
            );
            if (strange is not null)
            {
                throw new InvalidOperationException(
                    $"{context.Name} sends {strange.Type} to '{strange.Destination}', which is not in this process: host that module here too, or set {MessagingExtensions.TransportSetting} to ServiceBus."
                );
            }
        }

        foreach (var queue in queues)
        {
            await queue.CreateAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
