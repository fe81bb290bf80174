using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Shop.ServiceDefaults.Tests;

public sealed class CorrelationIdTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_callers_correlation_id_comes_back_and_is_in_every_log_entry()
    {
        using var log = new ScopeRecorder();
        await using var host = await TestHost.StartAsync(
            app => app.MapGet("/", (ILogger<CorrelationIdTests> logger) => logger.LogWarning("here")).AllowAnonymous(),
            builder => builder.Logging.AddProvider(log)
        );

        using var response = await SendAsync(host, "order-42");

        Assert.Equal(["order-42"], response.Headers.GetValues("X-Correlation-ID"));
        Assert.Contains("here CorrelationId=order-42", log.Entries);
    }

    [Fact]
    public async Task Without_one_it_is_the_id_of_the_trace()
    {
        await using var host = await TestHost.StartAsync(app =>
            app.MapGet("/", () => Activity.Current!.TraceId.ToHexString()).AllowAnonymous()
        );

        using var response = await SendAsync(host, correlationId: null);

        Assert.Equal(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            Assert.Single(response.Headers.GetValues("X-Correlation-ID"))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("<script>")]
    [InlineData("quote\"")]
    public async Task An_id_that_is_none_is_replaced(string given)
    {
        await using var host = await TestHost.StartAsync(app => app.MapGet("/", () => "ok").AllowAnonymous());

        using var response = await SendAsync(host, given);

        var id = Assert.Single(response.Headers.GetValues("X-Correlation-ID"));
        Assert.NotEqual(given, id);
        Assert.Matches("^[0-9a-f]{32}$", id);
    }

    [Fact]
    public async Task An_id_that_is_too_long_is_replaced()
    {
        await using var host = await TestHost.StartAsync(app => app.MapGet("/", () => "ok").AllowAnonymous());

        using var response = await SendAsync(host, new string('a', 129));

        Assert.Equal(32, Assert.Single(response.Headers.GetValues("X-Correlation-ID")).Length);
    }

    [Fact]
    public async Task An_error_has_it_too_in_header_and_body()
    {
        await using var host = await TestHost.StartAsync(app =>
            app.MapGet("/", string () => throw new InvalidOperationException()).AllowAnonymous()
        );

        using var response = await SendAsync(host, "order-42");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(["order-42"], response.Headers.GetValues("X-Correlation-ID"));
        Assert.Equal("order-42", (await Json.ReadAsync(response)).Text("correlationId"));
    }

    [Fact]
    public async Task Calls_to_other_services_carry_it_on()
    {
        var recorder = new HeaderRecorder();
        await using var host = await TestHost.StartAsync(
            app =>
                app.MapGet("/", (HttpClient client) => client.GetStringAsync("http://localhost/next", Cancel))
                    .AllowAnonymous(),
            builder => builder.Services.AddHttpClient("").ConfigurePrimaryHttpMessageHandler(() => recorder)
        );

        using var response = await SendAsync(host, "order-42");

        Assert.Equal("order-42", recorder.CorrelationId);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestHost host, string? correlationId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (correlationId is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Correlation-ID", correlationId);
        }

        return await host.Client.SendAsync(request, Cancel);
    }

    private sealed class HeaderRecorder : HttpMessageHandler
    {
        public string? CorrelationId { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            CorrelationId = request.Headers.GetValues("X-Correlation-ID").Single();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }

    /// <summary>Writes down what an entry's scopes said of the correlation id.</summary>
    private sealed class ScopeRecorder : ILoggerProvider, ISupportExternalScope, ILogger
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<string> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) =>
            _scopes.ForEachScope(
                (scope, entry) =>
                {
                    foreach (var (name, value) in scope as IEnumerable<KeyValuePair<string, object>> ?? [])
                    {
                        Entries.Enqueue($"{entry} {name}={value}");
                    }
                },
                formatter(state, exception)
            );

        public void Dispose() => Entries.Clear();
    }
}
