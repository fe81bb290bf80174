using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>A second context of the same process, with a database of its own.</summary>
internal sealed class ListenerContext(DbContextOptions<ListenerContext> options) : DbContext(options)
{
    public DbSet<Entry> Entries => Set<Entry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
}

internal sealed class PongListener(ListenerContext database) : IMessageHandler<Pong>
{
    public Task HandleAsync(Pong message, MessageContext context, CancellationToken cancellationToken)
    {
        database.Add(new Entry { Text = $"{context.CorrelationId} pong {message.Number}" });
        return Task.CompletedTask;
    }
}

internal sealed class OwnPongHandler(LedgerContext database) : IMessageHandler<Pong>
{
    public Task HandleAsync(Pong message, MessageContext context, CancellationToken cancellationToken)
    {
        database.Add(new Entry { Text = $"own pong {message.Number}" });
        return Task.CompletedTask;
    }
}

/// <summary>Two contexts in one process: one publishes and listens to itself, the other one listens.</summary>
internal sealed class Contexts : IAsyncDisposable
{
    private readonly IHost _host;

    private Contexts(IHost host) => _host = host;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Contexts> StartAsync(InfrastructureFixture databases)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Transport.InProcess.Configure(builder.Configuration, bus: "");
        var (own, others) = (await databases.CreateDatabaseAsync(), await databases.CreateDatabaseAsync());
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(Module.Patient);
        builder.Services.AddDbContextPool<LedgerContext>(options => options.UseNpgsql(own));
        builder.Services.AddDbContextPool<ListenerContext>(options => options.UseNpgsql(others));
        builder.AddMessaging<LedgerContext>(
            "ledger",
            messaging => messaging.Event<Pong>(Pong.Type).Event<Ping>(Ping.Type).Handle<Pong, OwnPongHandler>(Pong.Type)
        );
        builder.AddMessaging<ListenerContext>("listener", messaging => messaging.Handle<Pong, PongListener>(Pong.Type));
        var contexts = new Contexts(builder.Build());
        await contexts.UseAsync<LedgerContext>(database => database.Database.EnsureCreatedAsync(Cancel));
        await contexts.UseAsync<ListenerContext>(database => database.Database.EnsureCreatedAsync(Cancel));
        await contexts._host.StartAsync(Cancel);
        return contexts;
    }

    public async Task PublishAsync<TMessage>(TMessage message)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Outbox<LedgerContext>>().Add(message, "order-1");
        await scope.ServiceProvider.GetRequiredService<LedgerContext>().SaveChangesAsync(Cancel);
    }

    public async Task<string[]> EntriesAsync<TContext>()
        where TContext : DbContext
    {
        string[] texts = [];
        await UseAsync<TContext>(async database =>
            texts = await database.Set<Entry>().Select(entry => entry.Text).ToArrayAsync(Cancel)
        );
        return texts;
    }

    public async Task<int> CountUnsentAsync()
    {
        var count = 0;
        await UseAsync<LedgerContext>(async database => count = await database.Set<OutboxMessage>().CountAsync(Cancel));
        return count;
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

    private async Task UseAsync<TContext>(Func<TContext, Task> use)
        where TContext : DbContext
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<TContext>());
    }
}
