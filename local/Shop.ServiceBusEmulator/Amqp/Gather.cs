using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Answers once when several outcomes are in: with the first error, if there was one.</summary>
internal sealed class Gather(int expected, Outcome all)
{
    private int missing = expected;
    private BrokerError? first;

    public void One(BrokerError? error)
    {
        if (error is not null)
        {
            Interlocked.CompareExchange(ref first, error, null);
        }

        if (Interlocked.Decrement(ref missing) == 0)
        {
            all(first);
        }
    }
}
