using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.ServiceDefaults.Telemetry;

internal static class LoggingSetup
{
    private static readonly string[] Libraries =
    [
        "Microsoft.AspNetCore",
        "Microsoft.EntityFrameworkCore",
        "Grpc",
        "Polly",
        "Shop.ServiceDefaults.Identity",
        "ZiggyCreatures.Caching.Fusion",
    ];

    /// <summary>Lets what libraries log pass from this level up; the last call counts.</summary>
    public static void Limit(this ILoggingBuilder logging, LogLevel level)
    {
        foreach (var category in Libraries)
        {
            logging.AddFilter(category, level);
        }
    }

    /// <summary>Lines to read in Development; elsewhere one JSON object a line, with every scope (correlation id, message).</summary>
    public static void AddLogging(this IHostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
                console.UseUtcTimestamp = true;
            });
        }
        else
        {
            builder.Services.AddSingleton<ILoggerProvider>(services => new JsonLogs(
                builder.Environment,
                services.GetRequiredService<TimeProvider>(),
                Console.OpenStandardOutput()
            ));
        }

        // Below Warning these write a line per request, probe and command, which the traces already show, and gRPC's client one
        // with a stack trace for each of its tries.
        builder.Logging.Limit(LogLevel.Warning);
        // It would put the path, in which may be a name or an address, into a scope around everything that is logged.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
    }
}
