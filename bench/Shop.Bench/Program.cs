using Shop.Bench;
using Shop.Bench.Brokers;

const string Help = """
    Measures the shop. Nothing here is a test: numbers depend on the machine.

      startup              starts the shop on a built tree and on empty data, waits until it is healthy, ends it with
                           SIGTERM, starts it again and ends it with SIGKILL; says how long each took and what is left
      orders [N] [URL]     places N orders (200), one after the other, through the gateway at URL
                           (http://localhost:8080) and says how long each took until it was confirmed
      saga [N]             starts the shop on empty data and puts N orders (10,000) through it as fast as it takes them: confirmed
                           orders per second, CPU and commits per order, next to pgbench -N; then the time to Confirmed at
                           half that rate; ends with 1 when an accepted order is missing anywhere
      steady RATE [SECONDS]
                           starts the shop with the dashboard on empty data; says who uses the CPU while it is idle (30 s), then
                           at RATE orders a second (200 at most) for SECONDS (30; 600 at most): time to Confirmed, CPU per order
      load [FOLDER]        starts the shop on empty data and raises the rate of orders until the p99 of the answers exceeds 1 s
                           or an order is refused: the breaking point, what was used up, the cost of an order by service, and
                           what a hundredfold load needs; with FOLDER writes performance.md and images/performance.svg there
      broker [N]           the Service Bus emulator beside RabbitMQ and ActiveMQ with the same AMQP 1.0 client, 1 KB durable
                           messages: messages a second, latency, CPU, ratios; then how long it takes to recover N messages
                           (1,000,000) after kill -9; ends with 1 when a broker lost one
      gateway              starts what a product's page needs, and compares GET /api/products/{id} through the gateway, with
                           authentication and rate limits, with the catalogue itself and with nginx in front of it, under load
                           from wrk: requests a second, p50, p99, CPU; then the time that each adds at a low load
      storefront           starts the shop, and compares a product's page and the catalogue with the bare API, both through the
                           gateway, under load from wrk: requests a second, p50, p99, CPU
      queries              starts the shop, writes a million orders into the read side, and asks the ordering service for
                           customers' lists
    """;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

try
{
    return args switch
    {
        ["startup"] => await StartupBench.RunAsync(interrupted.Token),
        ["orders", .. var rest] => await OrdersBench.RunAsync(
            count: rest.Length > 0 ? int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture) : 200,
            gateway: new Uri(rest.Length > 1 ? rest[1] : "http://localhost:8080"),
            interrupted.Token
        ),
        ["steady", var rate, .. var rest] => await SteadyBench.RunAsync(
            rate: int.Parse(rate, System.Globalization.CultureInfo.InvariantCulture),
            seconds: rest.Length > 0 ? int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture) : 30,
            interrupted.Token
        ),
        ["load", .. var rest] => await LoadBench.RunAsync(folder: rest.Length > 0 ? rest[0] : null, interrupted.Token),
        ["broker", .. var rest] => await BrokerBench.RunAsync(
            journalled: rest.Length > 0
                ? int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture)
                : 1_000_000,
            interrupted.Token
        ),
        ["gateway"] => await GatewayBench.RunAsync(interrupted.Token),
        ["storefront"] => await StorefrontBench.RunAsync(interrupted.Token),
        ["queries"] => await QueriesBench.RunAsync(interrupted.Token),
        ["saga", .. var rest] => await SagaBench.RunAsync(
            count: rest.Length > 0 ? int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture) : 10_000,
            interrupted.Token
        ),
        _ => Fail(Help),
    };
}
catch (Exception problem)
    when (problem is FormatException or HttpRequestException or TimeoutException or OperationCanceledException)
{
    return Fail(problem.Message);
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}
