using Amqp;
using Amqp.Sasl;
using Amqp.Types;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Service Bus' own SASL mechanism: nothing is shown here, tokens come on <c>$cbs</c>.</summary>
internal sealed class MssbcbsProfile() : SaslProfile("MSSBCBS")
{
    protected override ITransport UpgradeTransport(ITransport transport) => transport;

    protected override DescribedList GetStartCommand(string hostname) =>
        throw new NotSupportedException("The emulator does not start this mechanism itself.");

    protected override DescribedList OnCommand(DescribedList command) =>
        new SaslOutcome { Code = SaslCode.Ok };
}
