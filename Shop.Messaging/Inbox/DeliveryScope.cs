using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Shop.Messaging;

/// <summary>The span of one delivery, and what every log entry within it says of the message.</summary>
internal sealed class DeliveryScope : IDisposable
{
    private readonly Activity? _span;
    private readonly IDisposable? _scope;

    private DeliveryScope(Activity? span, IDisposable? scope) => (_span, _scope) = (span, scope);

    public static DeliveryScope Begin(
        ILogger logger,
        string system,
        string context,
        MessageContext message,
        TraceHeaders trace
    ) =>
        new(
            MessagingTelemetry.StartProcess(system, context, message, trace),
            logger.BeginScope(
                new Dictionary<string, object?>
                {
                    ["Context"] = context,
                    ["CorrelationId"] = message.CorrelationId,
                    ["MessageType"] = message.Type,
                    ["MessageId"] = message.MessageId,
                }
            )
        );

    public void Dispose()
    {
        _scope?.Dispose();
        _span?.Dispose();
    }
}
