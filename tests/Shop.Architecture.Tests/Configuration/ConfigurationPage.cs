namespace Shop.Architecture.Tests.Configuration;

/// <summary>Writes <c>docs/configuration.md</c>.</summary>
internal static class ConfigurationPage
{
    public const string Command =
        "SHOP_WRITE_DOCS=true dotnet run --project tests/Shop.Architecture.Tests -- --filter-class \"*ConfigurationTests\"";

    /// <summary>What libraries read, and what only a developer's machine needs: no options class of ours has it.</summary>
    private static readonly (string Key, string Type, string Default, bool IsSecret, string Meaning)[] Others =
    [
        (
            "ASPNETCORE_ENVIRONMENT",
            "text",
            "`Production`",
            false,
            "`Development` relaxes what is required. Elsewhere leave it out."
        ),
        (
            "ASPNETCORE_URLS",
            "text",
            "`http://localhost:5000`",
            false,
            "Where the process listens, such as `http://+:8080`. ASP.NET Core calls it `urls`."
        ),
        ("Logging:LogLevel:{category}", "level", "`Information`", false, "The lowest level that is logged."),
        (
            "services:{name}:{http or grpc}:0",
            "address",
            "none; required for each service that is called",
            false,
            "Where a service is. `{name}` is its name, such as `catalog`; services speak gRPC where `grpc` is."
        ),
        ("OTEL_SERVICE_NAME", "text", "the program's name", false, "The name in traces, metrics and logs."),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "address",
            "none",
            false,
            "Where telemetry goes. Without it there are only logs on the console. The other `OTEL_EXPORTER_OTLP_*` variables apply too; `OTEL_EXPORTER_OTLP_HEADERS` may hold a secret."
        ),
        (
            "OTEL_{SIGNAL}_EXPORTER",
            "`otlp` or `none`",
            "`otlp`",
            false,
            "`{SIGNAL}` is `TRACES`, `METRICS` or `LOGS`. `none` exports nothing of it. A signal may have an `OTEL_EXPORTER_OTLP_{SIGNAL}_ENDPOINT` of its own."
        ),
        (
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "connection string",
            "none",
            true,
            "Azure Monitor, beside OTLP or without it."
        ),
        ("OTEL_TRACES_SAMPLER", "text", "`parentbased_always_on`", false, "Which traces are kept."),
        ("OTEL_RESOURCE_ATTRIBUTES", "text", "none", false, "What else is said of the process in all telemetry."),
    ];

    private static readonly (string Key, string Type, string Default, string Meaning)[] Development =
    [
        (
            "Shop:Infrastructure",
            "`processes` or `containers`",
            "`processes`",
            "Where the AppHost gets PostgreSQL, cache and mail from."
        ),
        (
            "Shop:PublicAddress",
            "https address",
            "the gateway's address in Azure",
            "Where people find the shop after `azd up`, for a domain of your own."
        ),
        ("Shop:DataDirectory", "path", "`.shop`", "Where the AppHost and the monolith keep data."),
        ("Shop:Fresh", "true or false", "`false`", "Start with empty databases."),
        ("Shop:GatewayPort", "whole number", "`8080`", "The gateway's port under the AppHost."),
    ];

    public static string Text { get; } =
        $$"""
            # Configuration

            A test writes this page from the options classes and compares it with them. To write it again:

            ```
            {{Command}}
            ```

            Every setting can be an environment variable, as below, or a command-line argument, such as
            `--Inventory:ReservationLifetime=00:15:00`. A process checks its settings before it serves. If one is missing or wrong, it
            writes one sentence for each to standard error and ends with exit code 1.

            * A time is `hours:minutes:seconds`, or `days.hours:minutes:seconds`.
            * `{name}` stands for a name that you choose, `{0, 1, ...}` for the position in a list.
            * No secret has a default outside Development. Take it from a secret store, never from a file of the repository.
            * `all` means the gateway and every service. The monolith has the settings of every service.

            ## Services and gateway

            {{Table(
                ["setting", "environment variable", "type", "default", "secret", "read by", "meaning"],
                Declared()
            )}}

            ## Read by ASP.NET Core, service discovery and OpenTelemetry

            {{Table(
                ["setting", "environment variable", "type", "default", "secret", "meaning"],
                Others.Select(one =>
                    new[]
                    {
                        $"`{one.Key}`",
                        Variable(one.Key),
                        one.Type,
                        one.Default,
                        Secret(one.IsSecret),
                        one.Meaning,
                    }
                )
            )}}

            The clients of PostgreSQL and Service Bus read the sections `Aspire:Npgsql:EntityFrameworkCore:PostgreSQL` and
            `Aspire:Azure:Messaging:ServiceBus`, as Aspire documents them.

            ## On a developer's machine

            {{Table(
                ["setting", "environment variable", "type", "default", "meaning"],
                Development.Select(one =>
                    new[] { $"`{one.Key}`", Variable(one.Key), one.Type, one.Default, one.Meaning }
                )
            )}}

            """.ReplaceLineEndings(
            "\n"
        );

    private static IEnumerable<string[]> Declared()
    {
        var processes = DeclaredSettings.All.Select(setting => setting.Process).Distinct().Count();
        return DeclaredSettings
            .All.GroupBy(setting => setting.Key, StringComparer.Ordinal)
            .OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .Select(setting =>
            {
                var one = setting.First();
                var readers = setting.Select(each => each.Process).Distinct().Order(StringComparer.Ordinal).ToList();
                return new[]
                {
                    $"`{one.Key}`",
                    Variable(one.Key),
                    one.Type,
                    one.Default,
                    Secret(one.IsSecret),
                    readers.Count == processes ? "all" : string.Join(", ", readers),
                    one.Meaning,
                };
            });
    }

    private static string Variable(string key) => $"`{key.Replace(":", "__", StringComparison.Ordinal)}`";

    private static string Secret(bool isSecret) => isSecret ? "yes" : "no";

    private static string Table(string[] head, IEnumerable<string[]> rows) =>
        string.Join('\n', rows.Prepend([.. head.Select(_ => "---")]).Prepend(head).Select(Row));

    private static string Row(string[] cells) =>
        "| " + string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))) + " |";
}
