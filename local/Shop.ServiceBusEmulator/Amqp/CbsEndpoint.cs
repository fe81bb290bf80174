using Amqp;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Claims-based security: a client puts its token on <c>$cbs</c> before it attaches links.</summary>
internal sealed class CbsEndpoint(ConnectionState connection, SharedAccessKey key, TimeProvider time)
    : RequestEndpoint(connection)
{
    private readonly ConnectionState connection = connection;

    protected override void Handle(Asked request, Action<Response> reply)
    {
        if (request.Message.ApplicationProperties?["operation"] as string != "put-token")
        {
            throw new RequestException("$cbs knows the operation put-token only.");
        }

        var token =
            request.Message.Body as string
            ?? throw new RequestException("The body of put-token must be the token as a string.");
        var claim = SharedAccessSignature.Verify(token, key, time.GetUtcNow());
        if (claim.Refusal is { } refusal)
        {
            reply(new(401, $"Unauthorized. {refusal}", null, ErrorCode.UnauthorizedAccess));
            return;
        }

        connection.Allow(claim);
        reply(new(202, "Accepted"));
    }
}
