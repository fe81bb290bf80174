using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.Messaging;

/// <summary>
/// What carries messages from the outboxes to the inboxes. Outbox, inbox and handlers do not know which one it is.
/// </summary>
internal interface ITransport
{
    /// <summary>OpenTelemetry's <c>messaging.system</c>.</summary>
    string System { get; }

    /// <summary>
    /// Adds what the contexts of a process share, among it the <see cref="IOutboxSender"/> and a health check of the name
    /// <c>messaging</c>.
    /// </summary>
    void AddShared(IHostApplicationBuilder builder);

    /// <summary>Adds what receives for one context and hands its messages to <see cref="MessageHandling{TContext}"/>.</summary>
    void AddReceiver<TContext>(IServiceCollection services)
        where TContext : DbContext;
}
