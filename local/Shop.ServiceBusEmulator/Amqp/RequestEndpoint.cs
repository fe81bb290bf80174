using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>The answer to a request: a status as in HTTP, and a body.</summary>
internal sealed record Response(int Status, string Description, object? Body = null, string? Condition = null)
{
    public static Response Refusal(BrokerError error) =>
        new(AmqpErrors.StatusCode(error.Kind), error.Description, null, AmqpErrors.Condition(error.Kind));
}

/// <summary>A request, with the transaction that it is part of, if any, and the session that it came on.</summary>
internal readonly record struct Asked(Message Message, Transaction? Transaction, Session Session);

/// <summary>
/// The request side of a request/response node. The answer goes to the link that the request's reply-to names: by its
/// target address, or by its name, since the SDKs leave the target out.
/// </summary>
internal abstract class RequestEndpoint(ConnectionState connection) : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext)
    {
        Message request;
        try
        {
            request = ((IncomingMessage)messageContext.Message).Decode();
        }
        catch (Exception exception)
            when (exception is AmqpException or InvalidCastException or ArgumentException or InvalidDataException)
        {
            messageContext.Complete(new Error(ErrorCode.DecodeError) { Description = "The request cannot be read." });
            return;
        }

        var (transaction, refusal) = connection.Transactions.Of(messageContext);
        messageContext.Complete();
        if (connection.ReplyLink(request.Properties?.ReplyTo) is not { } replies)
        {
            return;
        }

        if (refusal is not null)
        {
            Reply(replies, request, Response.Refusal(refusal));
            return;
        }

        try
        {
            var asked = new Asked(request, transaction, messageContext.Link.Session);
            Handle(asked, response => Reply(replies, request, response));
        }
        catch (Exception exception) when (exception is RequestException or InvalidDataException)
        {
            Reply(replies, request, new(400, exception.Message, null, ErrorCode.InvalidField));
        }
    }

    public override void OnFlow(FlowContext flowContext) => SessionInternals.OnFlow(flowContext.Link.Session);

    public override void OnDisposition(DispositionContext dispositionContext) => dispositionContext.Complete();

    /// <summary>Answers once, now or later.</summary>
    protected abstract void Handle(Asked request, Action<Response> reply);

    private static void Reply(ListenerLink link, Message request, Response response)
    {
        var message = new Message(response.Body)
        {
            Properties = new global::Amqp.Framing.Properties(),
            ApplicationProperties = new ApplicationProperties
            {
                // The SDKs read the second spelling, the CBS draft has the first.
                ["status-code"] = response.Status,
                ["status-description"] = response.Description,
                ["statusCode"] = response.Status,
                ["statusDescription"] = response.Description,
            },
        };
        message.Properties.SetCorrelationId(request.Properties.GetMessageId());
        if (response.Condition is { } condition)
        {
            message.ApplicationProperties["error-condition"] = (Symbol)condition;
            message.ApplicationProperties["errorCondition"] = (Symbol)condition;
        }

        try
        {
            link.SendMessage(message);
        }
        catch (Exception exception) when (LinkGone.Is(exception))
        {
            // Whoever asked has left.
        }
    }
}

/// <summary>A request that lacks something: answered with 400 and this message.</summary>
internal sealed class RequestException(string message) : Exception(message);

/// <summary>The reply side: messages are sent on it by <see cref="RequestEndpoint"/>, settled.</summary>
internal sealed class ReplyEndpoint(ConnectionState connection) : LinkEndpoint
{
    public override void OnFlow(FlowContext flowContext)
    {
        SessionInternals.OnFlow(flowContext.Link.Session);
        if (flowContext.Link.IsDraining)
        {
            flowContext.Link.CompleteDrain();
            flowContext.Link.SetCredit(0, drain: true);
        }
    }

    public override void OnDisposition(DispositionContext dispositionContext) { }

    public override void OnLinkClosed(ListenerLink link, Error error) => connection.RemoveReplyLink(link);
}
