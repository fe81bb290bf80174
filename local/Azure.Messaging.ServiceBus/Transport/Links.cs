using Amqp;
using Amqp.Framing;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Opening and closing links with a limit on the wait.</summary>
internal static class Links
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Attaches a link and waits for the broker to accept or refuse it.</summary>
    /// <returns>The link, and what the broker answered.</returns>
    public static async Task<(TLink Link, Attach Answer)> AttachAsync<TLink>(
        Func<OnAttached, TLink> attach,
        CancellationToken cancellationToken
    )
        where TLink : Link
    {
        var attached = new TaskCompletionSource<Attach>(TaskCreationOptions.RunContinuationsAsynchronously);
        var link = attach(
            (opening, answer) =>
            {
                // A refusal is an answer without the terminus, followed by a detach that says why.
                if ((opening is SenderLink ? answer.Target : answer.Source) is not null)
                {
                    attached.TrySetResult(answer);
                }
            }
        );
        link.AddClosedCallback((_, error) => attached.TrySetException(Closed(error ?? link.Error)));
        // A link that is attached just as its connection breaks is not told.
        var connection = link.Session.Connection;
        connection.Closed += OnConnectionClosed;
        try
        {
            if (connection.IsClosed)
            {
                OnConnectionClosed(connection, connection.Error);
            }

            return (link, await attached.Task.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            // A link that was accepted too late would take messages that nobody waits for.
            await CloseAsync(link).ConfigureAwait(false);
            throw;
        }
        finally
        {
            connection.Closed -= OnConnectionClosed;
        }

        void OnConnectionClosed(IAmqpObject closed, Error? error) => attached.TrySetException(Closed(error));
    }

    /// <summary>Closes a link with its session. What does not answer is left to the connection's end.</summary>
    public static async Task CloseAsync(Link link)
    {
        await CloseAsync((AmqpObject)link).ConfigureAwait(false);
        await CloseAsync(link.Session).ConfigureAwait(false);
    }

    public static async Task CloseAsync(AmqpObject closing)
    {
        if (closing.IsClosed || IsCutOff(closing))
        {
            return;
        }

        try
        {
            await closing.CloseAsync(CloseTimeout, null).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is AmqpException or TimeoutException or ObjectDisposedException or IOException)
        {
            // It is gone either way; there is nothing left to tell the caller.
        }
    }

    /// <summary>
    /// Whether the connection is gone: then nobody answers. What was opened while it went is not told, and would wait in vain.
    /// </summary>
    private static bool IsCutOff(AmqpObject closing) =>
        closing switch
        {
            Link link => link.Session.Connection.IsClosed,
            Session session => session.Connection.IsClosed,
            _ => false,
        };

    public static AmqpException Closed(Error? error) =>
        new(error ?? new Error(ErrorCode.DetachForced) { Description = "The broker closed the link." });
}
