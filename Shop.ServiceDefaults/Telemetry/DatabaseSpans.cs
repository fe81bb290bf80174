using System.Diagnostics;
using Npgsql;
using OpenTelemetry;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// Spans of database commands, one for each round trip, named by their summary (<see cref="QuerySummary"/>). There is none outside
/// a trace, nor where <see cref="SuppressInstrumentationScope"/> says so.
/// </summary>
internal static class DatabaseSpans
{
    public static void Configure(NpgsqlDataSourceBuilder source) =>
        source.ConfigureTracing(tracing =>
            tracing
                .ConfigureCommandFilter(command => IsInTrace && IsAboutTable(command.CommandText))
                .ConfigureBatchFilter(batch => IsInTrace && IsAboutTable(TextOf(batch)))
                // The pool opens connections when it likes.
                .EnablePhysicalOpenTracing(false)
                .EnableFirstResponseEvent(false)
                .ConfigureCommandSpanNameProvider(command => QuerySummary.Of(command.CommandText))
                .ConfigureBatchSpanNameProvider(batch => QuerySummary.Of(TextOf(batch)))
                .ConfigureCommandEnrichmentCallback((span, command) => Describe(span, command.Connection?.Database))
                .ConfigureBatchEnrichmentCallback((span, batch) => Describe(span, batch.Connection?.Database))
        );

    // Probes and polls query the database all day. Their commands belong to no trace, and would each begin one. It is checked
    // first, because a batch's text has to be composed.
    private static bool IsInTrace => Activity.Current is { Recorded: true } && !Sdk.SuppressInstrumentation;

    // Other commands take a lock or change a setting.
    private static bool IsAboutTable(string sql) => QuerySummary.Of(sql).Contains(' ');

    private static string TextOf(NpgsqlBatch batch) =>
        string.Join(";\n", batch.BatchCommands.Cast<NpgsqlBatchCommand>().Select(command => command.CommandText));

    private static void Describe(Activity span, string? database) =>
        span.SetTag("db.query.summary", span.DisplayName)
            // The summary says it; these are most of what a trace would weigh.
            .SetTag("db.query.text", null)
            .SetTag("db.npgsql.data_source", null)
            .SetTag("db.npgsql.connection_id", null)
            // Several databases share one server and port: this tells them apart in the dashboard.
            .SetTag("peer.service", database);
}
