using System.Diagnostics;
using Azure.Messaging.ServiceBus.Diagnostics;
using Azure.Messaging.ServiceBus.Transport;

namespace Azure.Messaging.ServiceBus;

/// <summary>Messages that are sent together, as many as fit.</summary>
public sealed class ServiceBusMessageBatch : IDisposable
{
    private readonly Lock _adding = new();
    private readonly ClientDiagnostics _diagnostics;
    private readonly List<byte[]> _encoded = [];
    private readonly List<ActivityContext> _contexts = [];

    internal ServiceBusMessageBatch(long maxSizeInBytes, ClientDiagnostics diagnostics)
    {
        MaxSizeInBytes = maxSizeInBytes;
        _diagnostics = diagnostics;
    }

    /// <summary>Gets how large the batch may become.</summary>
    public long MaxSizeInBytes { get; }

    /// <summary>Gets how large the batch is.</summary>
    public long SizeInBytes { get; private set; }

    /// <summary>Gets how many messages are in the batch.</summary>
    public int Count => _encoded.Count;

    /// <summary>Adds a message if it fits.</summary>
    /// <param name="message">The message; changes made afterwards are not sent.</param>
    /// <returns>Whether it was added.</returns>
    public bool TryAddMessage(ServiceBusMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (_adding)
        {
            _diagnostics.Instrument(message);
            var encoded = BatchEnvelope.Encode(MessageConverter.ToAmqp(message));
            var overhead = _encoded.Count == 0 ? Math.Min(BatchEnvelope.Overhead, MaxSizeInBytes / 8) : 0;
            var size = SizeInBytes + overhead + encoded.Length + BatchEnvelope.PerMessage;
            if (size > MaxSizeInBytes)
            {
                return false;
            }

            SizeInBytes = size;
            _encoded.Add(encoded);
            if (ClientDiagnostics.Context(message.ApplicationProperties) is { } context)
            {
                _contexts.Add(context);
            }

            return true;
        }
    }

    /// <summary>Empties the batch.</summary>
    public void Dispose()
    {
        lock (_adding)
        {
            _encoded.Clear();
            _contexts.Clear();
            SizeInBytes = 0;
        }
    }

    internal (IReadOnlyList<byte[]> Encoded, IReadOnlyList<ActivityContext> Contexts) Take()
    {
        lock (_adding)
        {
            return ([.. _encoded], [.. _contexts]);
        }
    }
}
