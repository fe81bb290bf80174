using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>
/// What a use case or a handler wants to be sent. A message becomes a row in the transaction of the change it tells of, so
/// neither exists without the other (transactional outbox); the relay sends it right after the commit, at least once.
/// </summary>
/// <typeparam name="TContext">The module's context.</typeparam>
public sealed class Outbox<TContext>
    where TContext : DbContext
{
    // The bus takes 256 KB in all on its standard tier; the rest is for the envelope.
    private const int MaxBodyBytes = 200 * 1024;

    private readonly TContext _database;
    private readonly MessagingContext<TContext> _context;
    private readonly TimeProvider _time;

    internal Outbox(TContext database, MessagingContext<TContext> context, TimeProvider time)
    {
        _database = database;
        _context = context;
        _time = time;
    }

    /// <summary>Adds the message to the context's changes. It is sent after <c>SaveChanges</c> has been committed.</summary>
    /// <param name="message">A record that was declared with <c>Event</c> or <c>Command</c> in <c>AddMessaging</c>.</param>
    /// <param name="correlationId">The id of the aggregate it is about; messages of one aggregate are sent in order.</param>
    /// <param name="deliverAt">When the receiver is to get it (a scheduled message); at once if not given.</param>
    /// <exception cref="InvalidOperationException">The record was not declared.</exception>
    /// <exception cref="ArgumentException">The message is larger than the bus takes.</exception>
    public void Add<TMessage>(TMessage message, string correlationId, DateTimeOffset? deliverAt = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(correlationId);
        var route = _context.Routes.Of<TMessage>();
        var body = MessageJson.Write(message);
        if (Encoding.UTF8.GetByteCount(body) > MaxBodyBytes)
        {
            throw new ArgumentException(
                $"A {route.Type} of more than {MaxBodyBytes} bytes does not fit on the bus.",
                nameof(message)
            );
        }

        var now = _time.GetUtcNow();
        _database.Add(
            new OutboxMessage
            {
                Id = MessageId.Next(now),
                Type = route.Type,
                Destination = route.Destination,
                Body = body,
                CorrelationId = correlationId,
                TraceParent = Activity.Current?.Id,
                TraceState = Activity.Current?.TraceStateString,
                // PostgreSQL takes UTC only, and knows microseconds.
                DeliverAt = deliverAt?.ToUniversalTime(),
                CreatedAt = now,
            }
        );
        _context.Signal.Expect(_database);
    }
}
