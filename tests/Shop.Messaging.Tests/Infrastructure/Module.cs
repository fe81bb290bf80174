using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>A module on a real database and a real bus. It relays and receives only when it is started.</summary>
internal sealed class Module : IAsyncDisposable
{
    private readonly IHost _host;

    private Module(IHost host, TestContextName name, string database)
    {
        _host = host;
        Name = name;
        Database = database;
    }

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
        MessagingSettings? settings = null
    )
    {
        var module = Create(
            bus.ConnectionString,
            bus.TakeContext(),
            await databases.CreateDatabaseAsync(),
            configure,
            settings
        );
        await module.UseAsync(database => database.Database.EnsureCreatedAsync(Cancel));
        return module;
    }

    /// <summary>Another replica on the same database and the same queue.</summary>
    public Module Replica(BusFixture bus) =>
        Create(bus.ConnectionString, Name, Database, configure: null, settings: null);

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

    public async Task<int> CountAsync(string table)
    {
        await using var source = NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand($"SELECT count(*)::int FROM {table}");
        return (int)(await command.ExecuteScalarAsync(Cancel))!;
    }

    public async Task<string[]> EntriesAsync()
    {
        string[] texts = [];
        await UseAsync(async database =>
            texts = await database.Entries.OrderBy(entry => entry.Text).Select(entry => entry.Text).ToArrayAsync(Cancel)
        );
        return texts;
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
        MessagingSettings? settings
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["ConnectionStrings:messaging"] = bus }
        );
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<Script>();
        builder.Services.AddSingleton(settings ?? Patient);
        builder.Services.AddDbContextPool<LedgerContext>(options => options.UseNpgsql(database));
        builder.AddMessaging<LedgerContext>(
            name.Queue,
            messaging =>
                messaging
                    .Command<Ping>(Ping.Type, name.Queue)
                    .Event<Pong>(Pong.Type)
                    .Command<Lost>(Lost.Type, "no-such-queue")
                    .Handle<Ping, PingHandler>(Ping.Type)
                    .Handle<Ping, SecondPingHandler>(Ping.Type)
        );
        configure?.Invoke(builder.Services);
        return new Module(builder.Build(), name, database);
    }

    /// <summary>No poll helps out, so what works does because it was woken; and pauses are short.</summary>
    private static MessagingSettings Patient { get; } =
        new()
        {
            OutboxPoll = TimeSpan.FromHours(1),
            RetryPause = TimeSpan.FromMilliseconds(1),
            RedeliveryPause = TimeSpan.FromMilliseconds(1),
        };
}
