using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Telemetry;

namespace Shop.ServiceDefaults.Http;

internal static partial class HttpClientSetup
{
    /// <summary>
    /// Every <see cref="HttpClient"/> from the factory finds services by name (<c>https+http://catalog</c>), passes the
    /// correlation id on, and has a time limit per try and overall, retries with jittered back-off and, for each service, a
    /// circuit breaker. Only methods that change nothing are repeated.
    /// </summary>
    public static void AddHttpClientDefaults(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddTransient<CorrelationIdHandler>();
        services.AddServiceDiscovery();
        // The library has a stack trace for each try, and one more for repeating it.
        services.Configure<TelemetryOptions>(telemetry =>
            telemetry.SeverityProvider = one =>
                one.Event.EventName is "ExecutionAttempt" or "OnRetry"
                    ? ResilienceEventSeverity.Debug
                    : one.Event.Severity
        );
        services.ConfigureHttpClientDefaults(client =>
        {
            // They would write two lines per call, which the traces already show.
            client.RemoveAllLoggers();
            client.AddHttpMessageHandler<CorrelationIdHandler>();
            client
                .AddStandardResilienceHandler(Configure)
                // These defaults are of one pipeline for all clients, and one dead service would open everybody's circuit.
                .SelectPipelineByAuthority()
                .Configure((options, provider) => options.Retry.OnRetry = Say(provider));
            client.AddServiceDiscovery();
        });
    }

    private static void Configure(HttpStandardResilienceOptions options)
    {
        options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(10);
        options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(3);
        options.Retry.MaxRetryAttempts = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.BackoffType = DelayBackoffType.Exponential;
        options.Retry.UseJitter = true;
        options.Retry.DisableForUnsafeHttpMethods();
        options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(10);
        options.CircuitBreaker.MinimumThroughput = 10;
        options.CircuitBreaker.FailureRatio = 0.5;
        options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(5);
        options.CircuitBreaker.ShouldHandle = args =>
            ValueTask.FromResult(
                HttpClientResiliencePredicates.IsTransient(args.Outcome)
                    || GrpcStatus.IsUnavailable(args.Outcome.Result)
            );
    }

    private static Func<OnRetryArguments<HttpResponseMessage>, ValueTask> Say(IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpClientSetup).FullName!);
        return again =>
        {
            var request = again.Context.GetRequestMessage();
            LogAgain(
                logger,
                request?.RequestUri?.Host,
                again.Outcome.Exception?.Message ?? $"It answered {(int?)again.Outcome.Result?.StatusCode}."
            );
            return ValueTask.CompletedTask;
        };
    }

    [LoggerMessage(LogLevel.Warning, "{Host} gave no answer and is asked again: {Reason}")]
    private static partial void LogAgain(ILogger logger, string? host, string reason);
}
