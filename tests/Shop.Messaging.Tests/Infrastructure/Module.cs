using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>A module on a real database and a real bus. It relays and receives only when it is started.</summary>
internal sealed class Module : IAsyncDisposable
{
    private readonly IHost _host;

    private Module(IHost host, TestContextName name, string database, Transport transport)
    {
        _host = host;
        Name = name;
        Database = database;
        Transport = transport;
    }

    public Transport Transport { get; }

    public TestContextName Name { get; }

    /// <summary>The connection string.</summary>
    public string Database { get; }

    public Script Script => Get<Script>();

    public OutboxRelay<LedgerContext> Relay =>
        _host.Services.GetServices<IHostedService>().OfType<OutboxRelay<LedgerContext>>().Single();

    public InboxCleanUp<LedgerContext> CleanUp =>
        _host.Services.GetServices<IHostedService>().OfType<InboxCleanUp<LedgerContext>>().Single();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Module> CreateAsync(
        InfrastructureFixture databases,
        BusFixture bus,
        Action<IServiceCollection>? configure = null,
        MessagingSettings? settings = null,
        Transport transport = Transport.ServiceBus
    )
    {
        var module = Create(
            bus.ConnectionString,
            transport == Transport.ServiceBus ? bus.TakeContext() : new TestContextName(0),
            await databases.CreateDatabaseAsync(),
            configure,
            settings,
            transport
        );
        await module.UseAsync(database => database.Database.EnsureCreatedAsync(Cancel));
        if (transport == Transport.InProcess)
        {
            await module.Get<MessageQueue>().CreateAsync(Cancel);
        }

        return module;
    }

    /// <summary>Another replica on the same database and the same queue.</summary>
    public Module Replica(BusFixture bus, MessagingSettings? settings = null) =>
        Create(bus.ConnectionString, Name, Database, configure: null, settings, Transport);

    public async Task<Module> StartAsync()
    {
        await _host.StartAsync(Cancel);
        return this;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task UseAsync(Func<LedgerContext, Task> use)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<LedgerContext>());
    }

    /// <summary>Adds messages in one unit of work and commits it.</summary>
    public async Task SendAsync(Action<Outbox<LedgerContext>> add)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        add(scope.ServiceProvider.GetRequiredService<Outbox<LedgerContext>>());
        await scope.ServiceProvider.GetRequiredService<LedgerContext>().SaveChangesAsync(Cancel);
    }

    public Task SendAsync(params int[] numbers) =>
        SendAsync(outbox =>
        {
            foreach (var number in numbers)
            {
                outbox.Add(new Ping(number), "order-1");
            }
        });

    public Task ExecuteAsync(FormattableString sql) =>
        UseAsync(database => database.Database.ExecuteSqlAsync(sql, Cancel));

    public Task<int> CountAsync(string table) =>
        QueryAsync($"SELECT count(*)::int FROM {table}", row => row.GetInt32(0));

    /// <summary>The only row of a query.</summary>
    public async Task<T> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var source = NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await row.ReadAsync(Cancel), $"No row: {sql}");
        return read(row);
    }

    public async Task<string[]> EntriesAsync()
    {
        string[] texts = [];
        await UseAsync(async database =>
            texts = await database.Entries.OrderBy(entry => entry.Text).Select(entry => entry.Text).ToArrayAsync(Cancel)
        );
        return texts;
    }

    /// <summary>What an observable instrument of this module says now.</summary>
    public int Measure(string instrument)
    {
        int? measured = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (published, listener) =>
            {
                if (published.Name == instrument && published.Meter.Scope == Get<IMeterFactory>())
                {
                    listener.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, measurement, _, _) => measured = measurement);
        listener.Start();
        listener.RecordObservableInstruments();
        return measured ?? throw new InvalidOperationException($"{instrument} says nothing.");
    }

    public async ValueTask DisposeAsync()
    {
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20)))
        {
            await _host.StopAsync(limit.Token);
        }

        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
    }

    private static Module Create(
        string bus,
        TestContextName name,
        string database,
        Action<IServiceCollection>? configure,
        MessagingSettings? settings,
        Transport transport
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        transport.Configure(builder.Configuration, bus);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<Script>();
        builder.Services.AddSingleton(settings ?? Patient);
        builder.Services.AddDbContextPool<LedgerContext>(options => options.UseNpgsql(database));
        builder.AddMessaging<LedgerContext>(
            name.Queue,
            messaging =>
            {
                messaging
                    .Command<Ping>(Ping.Type, name.Queue)
                    .Command<Sheet>(Sheet.Type, name.Queue)
                    .Event<Pong>(Pong.Type)
                    .Handle<Ping, PingHandler>(Ping.Type)
                    .Handle<Ping, SecondPingHandler>(Ping.Type)
                    .Handle<Sheet, SheetHandler>(Sheet.Type);
                // In process nobody starts who sends to nobody.
                if (transport == Transport.ServiceBus)
                {
                    messaging.Command<Lost>(Lost.Type, "no-such-queue");
                }
            }
        );
        configure?.Invoke(builder.Services);
        return new Module(builder.Build(), name, database, transport);
    }

    /// <summary>No poll helps the outbox out, so what works does because it was woken; and pauses are short.</summary>
    public static MessagingSettings Patient { get; } =
        new()
        {
            OutboxPoll = TimeSpan.FromHours(1),
            RetryPause = TimeSpan.FromMilliseconds(1),
            RedeliveryPause = TimeSpan.FromMilliseconds(1),
            QueuePoll = TimeSpan.FromMilliseconds(20),
            MaxDeliveryCount = BusFixture.MaxDeliveryCount,
        };
}
