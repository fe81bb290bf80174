using System.Buffers.Binary;
using System.Security.Principal;
using System.Text;
using Amqp;
using Amqp.Sasl;
using Amqp.Types;
using Encoder = Amqp.Types.Encoder;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>
/// The server's side of SASL (AMQP 1.0, part 5, 5.3): ANONYMOUS and MSSBCBS let everybody in, to show a token on
/// <c>$cbs</c>; PLAIN checks the key at once.
/// </summary>
internal sealed class SaslServer(SharedAccessKey key)
{
    private const int HeaderSize = 8;
    private const int MaxFrameSize = 4096;
    private const byte SaslProtocol = 3;
    private static readonly byte[] SaslHeader = [.. "AMQP"u8, SaslProtocol, 1, 0, 0];
    private static readonly Symbol[] Mechanisms = ["ANONYMOUS", "PLAIN", "MSSBCBS"];

    /// <summary>Leads the client to the point where AMQP begins; false when it is not let in.</summary>
    /// <exception cref="InvalidDataException">The client does not speak AMQP.</exception>
    public async Task<bool> NegotiateAsync(SocketTransport transport, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderSize];
        await transport.ReadExactlyAsync(header, cancellationToken);
        if (!header.AsSpan().SequenceEqual(SaslHeader))
        {
            // Without SASL there is still $cbs; the connection itself answers a header that it does not like.
            transport.Unread(header);
            return header.AsSpan().StartsWith("AMQP"u8);
        }

        var offer = new SaslMechanisms { SaslServerMechanisms = Mechanisms };
        await transport.SendAsync((byte[])[.. SaslHeader, .. Frame(offer)], cancellationToken);
        var code = Judge(await ReadInitAsync(transport, cancellationToken), transport);
        await transport.SendAsync(Frame(new SaslOutcome { Code = code }), cancellationToken);
        if (code != SaslCode.Ok)
        {
            return false;
        }

        // The library greets first. A greeting in the same packet as the outcome is lost on the JavaScript SDK, which then
        // waits for ever; behind the client's own greeting it never is.
        await transport.ReadExactlyAsync(header, cancellationToken);
        transport.Unread(header);
        return true;
    }

    private SaslCode Judge(SaslInit init, SocketTransport transport)
    {
        switch (init.Mechanism?.ToString())
        {
            case "ANONYMOUS" or "MSSBCBS":
                return SaslCode.Ok;
            case "PLAIN"
                when Encoding.UTF8.GetString(init.InitialResponse ?? []).Split('\0') is [_, var name, var password]
                    && name == key.Name
                    && SharedAccessSignature.SameSecret(password, key.Key):
                transport.Principal = new GenericPrincipal(new GenericIdentity(name), []);
                return SaslCode.Ok;
            default:
                return SaslCode.Auth;
        }
    }

    private static async Task<SaslInit> ReadInitAsync(SocketTransport transport, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderSize];
        await transport.ReadExactlyAsync(header, cancellationToken);
        var size = BinaryPrimitives.ReadUInt32BigEndian(header);
        var dataOffset = header[4] * 4;
        if (size > MaxFrameSize || dataOffset < HeaderSize || size <= dataOffset || header[5] != 1)
        {
            throw new InvalidDataException("That is no SASL frame.");
        }

        var rest = new byte[size - HeaderSize];
        await transport.ReadExactlyAsync(rest, cancellationToken);
        var skip = dataOffset - HeaderSize;
        var buffer = new ByteBuffer(rest, skip, rest.Length - skip, rest.Length - skip);
        return Encoder.ReadObject(buffer) as SaslInit
            ?? throw new InvalidDataException("The first SASL frame must be sasl-init.");
    }

    private static byte[] Frame(DescribedList command)
    {
        var body = new ByteBuffer(128, true);
        command.Encode(body);
        var frame = new byte[HeaderSize + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        frame[4] = 2;
        frame[5] = 1;
        body.Buffer.AsSpan(body.Offset, body.Length).CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }
}
