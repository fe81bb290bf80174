using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Testing;

namespace Shop.Messaging.Tests;

public sealed class LockRenewalTests(InfrastructureFixture databases)
{
    private static readonly TimeSpan Lock = TimeSpan.FromSeconds(4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_stays_locked_while_its_handler_takes_longer_than_the_lock()
    {
        await using var bus = new BusFixture(BusFixture.MaxDeliveryCount, Lock);
        await bus.InitializeAsync();
        using var log = new Warnings();
        await using (
            var module = await Module.CreateAsync(
                databases,
                bus,
                services => services.AddSingleton<ILoggerProvider>(log),
                Module.Patient with
                {
                    LockCheck = TimeSpan.FromMilliseconds(200),
                }
            )
        )
        {
            module.Script.OnPing = async turn =>
            {
                await Task.Delay(2 * Lock, Cancel);
                turn.Note("handled");
            };
            await module.StartAsync();

            await module.SendAsync(1);

            await Eventually.GetAsync("the effect", module.EntriesAsync, entries => entries.Length == 1);
            await bus.Client.WaitUntilEmptyAsync(module.Name.Queue);
        }

        // A message whose lock is lost cannot be completed, and the dispatcher says so.
        Assert.Empty(log.Lines);
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue(formatter(state, exception));
        }

        public void Dispose() { }
    }
}
