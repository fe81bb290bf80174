using System.Globalization;
using System.Text;

namespace Shop.Bench;

/// <summary>What the load showed, for people: the breaking point, the cost of an order, and what more load needs.</summary>
internal sealed class LoadReport(IReadOnlyList<LoadStep> steps, string system, string postgres)
{
    private const int Times = 100;

    // Above this a queue builds up whenever orders come a little faster than on average.
    private const double BusyShare = 0.6;
    private const double AllBusy = 0.9;

    private static readonly string[] s_servers = ["PostgreSQL", "cache", "ServiceBusEmulator"];
    private static readonly string[] s_tools = ["load generator", "dcp", "mail", "dashboard"];

    private LoadStep Broken => steps[^1];

    // The last step that held.
    private LoadStep Held => steps.Count > 1 ? steps[^2] : steps[^1];

    public string Summary =>
        $"""
              holds         {Held.Rate:0} orders/s: answered p99 {Held.Answer.P99:0} ms, confirmed p99 {Held.Decision[
                2
            ]:0} ms
              breaks        at {Broken.Rate:0} orders/s: {Why}
              used up       {UsedUp}
              per order     {Held.Cost.Sum(program =>
                program.Milliseconds
            ):0.0} ms CPU, {Held.Commits:0.0} commits, {Held.Messages:0.0} messages, {Held.Bytes / 1024:0.0} KB
            """;

    private string Why =>
        Broken.Failed > 0 ? $"{Broken.Failed} orders were refused or not answered"
        : Broken.Answer.P99 > 1000 ? $"answered p99 {Broken.Answer.P99:0} ms"
        : $"confirmed p99 {Broken.Decision[2]:0} ms";

    private string UsedUp =>
        Broken.Cores > AllBusy * Environment.ProcessorCount
            ? $"the processor: {Broken.Cores:0.0} of {Environment.ProcessorCount} cores, most of it by {Broken.Cost[0].Name} and {Broken.Cost[1].Name}"
            : $"not the processor ({Broken.Cores:0.0} of {Environment.ProcessorCount} cores are busy): what waits is the disk or a lock";

    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "images", "performance.svg"),
            new Plot("orders a second", "ms, log scale")
                .Add("answered p50", steps.Select(step => (step.Rate, step.Answer.P50)))
                .Add("answered p99", steps.Select(step => (step.Rate, step.Answer.P99)))
                .Add("confirmed p50", steps.Select(step => (step.Rate, step.Decision[0])))
                .Add("confirmed p99", steps.Select(step => (step.Rate, step.Decision[2])))
                .ToSvg(),
            cancellationToken
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "performance.md"), Markdown(), cancellationToken);
    }

    private string Markdown()
    {
        var text = new StringBuilder();
        var target = Held.Rate * Times;
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            # Performance

            The shop takes **{Held.Rate:0} orders a second on {Environment.ProcessorCount} cores**, with its databases, bus and cache and the load generator on the same machine.
            It breaks at {Broken.Rate:0}: {Why}. Used up first: {UsedUp}.

            `dotnet run -c Release --project bench/Shop.Bench -- load docs` wrote this page on {DateTimeOffset.UtcNow:yyyy-MM-dd}, on {system}
            with .NET {Environment.Version} and PostgreSQL {postgres}. The figures depend on the machine. Compare them only within one run.

            ![Latency by load](images/performance.svg)

            | orders/s | accepted/s | failed | answered p50 | p95 | p99 | confirmed p50 | p95 | p99 | busy cores |
            |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|

            """
        );
        foreach (var step in steps)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {step.Rate:0} | {step.Accepted:0} | {step.Failed} | {step.Answer.P50:0} ms | {step.Answer.P95:0} ms | {step.Answer.P99:0} ms | {step.Decision[0]:0} ms | {step.Decision[1]:0} ms | {step.Decision[2]:0} ms | {step.Cores:0.0} |\n"
            );
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"""

            ## What an order costs, and what a hundredfold load needs

            At {Held.Rate:0} orders a second an order takes {Held.Commits:0.0} commits, {Held.Messages:0.0} messages and {Held.Bytes
                / 1024:0.0} KB of databases, indexes included.
            A hundredfold is {target:0} orders a second: {target * Held.Messages:0} messages a second and {target
                * Held.Bytes
                * 86400
                / 1e12:0.0} TB a day.

            | program | CPU for an order | cores for {target:0}/s | replicas of one core |
            |---|---:|---:|---:|

            """
        );
        foreach (
            var (name, milliseconds) in Held.Cost.Where(one => one.Milliseconds >= 0.05 && !s_tools.Contains(one.Name))
        )
        {
            var cores = target * milliseconds / 1000;
            var replicas = s_servers.Contains(name) ? "" : $"{Math.Ceiling(cores / BusyShare):0}";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {name} | {milliseconds:0.0} ms | {cores:0.0} | {replicas} |\n"
            );
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"""

            Assumptions:

            * An order costs the same at a hundredfold load. Batches are larger then, so it costs rather less; replicas of one context that
              meet on the same rows cost rather more.
            * A replica has one core and is {BusyShare:P0} busy, so that a peak finds room.
            * PostgreSQL's cores are those of one server. At {target
                * Held.Commits:0} commits a second each context needs a server of its own, and Ordering,
              Inventory and Payments need partitions by order or product. That is not built.
            * Service Bus Premium takes the place of the emulator. One messaging unit for each 1,000 messages a second is a
              guess: measure the namespace's CPU under your own load.
            * Pages, searches and sign-ins are not part of this load. `-- storefront` and `-- gateway` measure them.

            """
        );
        return text.ToString();
    }
}
