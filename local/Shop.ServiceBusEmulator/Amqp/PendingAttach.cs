using Amqp.Framing;
using Amqp.Listener;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>An attach that is answered later: by whoever comes first of the broker, the client's detach, or the end.</summary>
internal sealed class PendingAttach(ListenerLink link, Attach attach)
{
    private readonly Lock answering = new();
    private volatile bool answered;

    /// <summary>Answers, with an error or as the attach says by now; false when there was nothing left to answer.</summary>
    public bool Complete(Error? error)
    {
        lock (answering)
        {
            if (answered)
            {
                return false;
            }

            answered = true;
            try
            {
                link.CompleteAttach(attach, error);
                return true;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Whatever is wrong with this link, the broker's own threads call this and must go on.
                return false;
            }
        }
    }

    /// <summary>Answers that nothing was attached.</summary>
    public void Cancel()
    {
        lock (answering)
        {
            if (!answered)
            {
                attach.Source = null;
                Complete(null);
            }
        }
    }

    /// <summary>The link has ended. Called with the library's locks held, so it waits for nobody.</summary>
    public void Abandon() => answered = true;
}
