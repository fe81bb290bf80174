using System.Collections.Concurrent;
using System.Globalization;
using Amqp;
using Amqp.Framing;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Requests and responses with one node: <c>$cbs</c> or an entity's <c>$management</c>.</summary>
internal sealed class RequestLink
{
    private const int ResponseCredit = 100;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _waiting = new();
    private readonly string _replyTo = $"reply-{Guid.NewGuid():N}";
    private SenderLink _requests = null!;
    private ReceiverLink _responses = null!;
    private long _lastId;

    private RequestLink() { }

    public bool IsOpen => !_requests.IsClosed && !_responses.IsClosed;

    public static async Task<RequestLink> OpenAsync(Session session, string node, CancellationToken cancellationToken)
    {
        var link = new RequestLink();
        var name = Guid.NewGuid().ToString("N");
        var requests = Links.AttachAsync(
            onAttached => new SenderLink(
                session,
                $"{name}-requests",
                new Attach
                {
                    Source = new Source { Address = link._replyTo },
                    Target = new Target { Address = node },
                },
                onAttached
            ),
            cancellationToken
        );
        var responses = Links.AttachAsync(
            onAttached => new ReceiverLink(
                session,
                $"{name}-responses",
                new Attach
                {
                    Source = new Source { Address = node },
                    Target = new Target { Address = link._replyTo },
                    SndSettleMode = SenderSettleMode.Settled,
                },
                onAttached
            ),
            cancellationToken
        );
        (link._requests, _) = await requests.ConfigureAwait(false);
        (link._responses, _) = await responses.ConfigureAwait(false);
        link._requests.AddClosedCallback((_, error) => link.Fail(error));
        link._responses.AddClosedCallback((_, error) => link.Fail(error));
        link._responses.Start(ResponseCredit, link.OnResponse);
        return link;
    }

    /// <summary>Sends a request and waits for its response, whatever that says.</summary>
    public async Task<Message> SendAsync(Message request, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        request.Properties = new Properties { MessageId = id, ReplyTo = _replyTo };
        var response = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = response;
        try
        {
            _requests.Send(request, null, OnOutcome, response);
            return await response.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    public async Task CloseAsync()
    {
        await Links.CloseAsync(_requests as AmqpObject).ConfigureAwait(false);
        await Links.CloseAsync(_responses).ConfigureAwait(false);
    }

    private static void OnOutcome(ILink link, Message request, Outcome outcome, object state)
    {
        if (outcome is Rejected rejected)
        {
            ((TaskCompletionSource<Message>)state).TrySetException(Links.Closed(rejected.Error));
        }
    }

    private void OnResponse(IReceiverLink link, Message response)
    {
        link.Accept(response);
        if (response.Properties?.GetCorrelationId()?.ToString() is { } id && _waiting.TryGetValue(id, out var waiting))
        {
            waiting.TrySetResult(response);
        }
    }

    private void Fail(Error? error)
    {
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetException(Links.Closed(error));
        }
    }
}
