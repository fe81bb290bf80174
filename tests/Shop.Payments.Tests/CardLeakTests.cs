using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Shop.Messaging;
using Shop.Payments.Data;
using Shop.Payments.Payments;
using Shop.Testing;

namespace Shop.Payments.Tests;

/// <summary>What was refused is nowhere afterwards: not in a log, not in a span, not in a table, not in an answer.</summary>
public sealed class CardLeakTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    // A number that passes Luhn and a value that no other test uses, so that a find is a leak of this one.
    private const string Number = "4122334455667780";
    private const string Spelled = "4122-3344-5566-7780";
    private const string VerificationValue = "verification-97531";

    private readonly Observer _observer = new();
    private readonly Guid _order = Guid.CreateVersion7();
    private PaymentsApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await PaymentsApp.StartObservedAsync(infrastructure, [], _observer);
        await _app.ProcessAsync(_order);
        await _app.RunDueAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _observer.Dispose();
    }

    [Fact]
    public async Task Card_data_in_requests_and_messages_is_logged_traced_and_stored_nowhere()
    {
        var refund = $"/api/payments/{(await _app.PaymentAsync(_order)).Id}/refund";
        await AssertRefusedAsync(HttpMethod.Post, refund, new { reason = $"card {Number}" });
        await AssertRefusedAsync(HttpMethod.Post, refund, new { reason = Spelled });
        await AssertRefusedAsync(HttpMethod.Post, refund, new { cvv = VerificationValue });
        await AssertRefusedAsync(HttpMethod.Get, $"/api/payments?page={Number}");
        await AssertPoisonAsync<ProcessPaymentHandler, ProcessPayment>(
            new ProcessPayment(Guid.CreateVersion7(), PaymentsApp.Customer, 10m, "USD", Number)
        );
        await AssertPoisonAsync<RefundPaymentHandler, RefundPayment>(new RefundPayment(_order, Spelled));

        Assert.Contains(_observer.Said, text => text.Contains(_order.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(_observer.Said, IsLeak);
        Assert.DoesNotContain(await EverythingStoredAsync(), IsLeak);
    }

    private async Task AssertRefusedAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = _app.Tokens.Bearer(Guid.CreateVersion7(), "operator");
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.False(IsLeak(answer), answer);
    }

    private async Task AssertPoisonAsync<THandler, TMessage>(TMessage message)
        where THandler : class, IMessageHandler<TMessage>
    {
        var rejected = await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.HandleAsync<THandler, TMessage>(message)
        );
        Assert.False(IsLeak(rejected.ToString()), rejected.Message);
    }

    private Task<List<string>> EverythingStoredAsync() =>
        _app.InScopeAsync<PaymentsDbContext, List<string>>(db =>
            db.Database.SqlQuery<string>(
                    $"""
                    select query_to_xml(format('select * from %I.%I', table_schema, table_name), true, true, '')::text
                    from information_schema.tables
                    where table_schema in ('public', 'simulated_provider')
                    """
                )
                .ToListAsync(TestContext.Current.CancellationToken)
        );

    private static bool IsLeak(string text) =>
        text.Contains(VerificationValue, StringComparison.Ordinal)
        || text.Contains(Number, StringComparison.Ordinal)
        || text.Contains(Spelled, StringComparison.Ordinal);

    /// <summary>Hears every log entry and sees every span of the process.</summary>
    private sealed class Observer : ILoggerProvider
    {
        private readonly ActivityListener _listener;

        public Observer()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = _ => true,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity => Said.Add(Describe(activity)),
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentBag<string> Said { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(Said);

        public void Dispose() => _listener.Dispose();

        private static string Describe(Activity activity) =>
            string.Join(
                ' ',
                activity
                    .TagObjects.Concat(activity.Events.SelectMany(one => one.Tags))
                    .Select(tag => $"{tag.Key}={tag.Value}")
                    .Concat(activity.Baggage.Select(item => $"{item.Key}={item.Value}"))
                    .Prepend(activity.StatusDescription)
                    .Prepend(activity.DisplayName)
            );
    }

    private sealed class Logger(ConcurrentBag<string> said) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            said.Add(state is IEnumerable<KeyValuePair<string, object>> pairs ? string.Join(' ', pairs) : $"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => said.Add($"{formatter(state, exception)} {exception}");
    }
}
