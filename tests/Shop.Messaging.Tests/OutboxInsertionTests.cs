using System.Data.Common;
using System.Globalization;
using Azure.Messaging.ServiceBus;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Shop.Testing;

namespace Shop.Messaging.Tests;

public sealed class OutboxInsertionTests(InfrastructureFixture databases, BusFixture bus)
{
    private const int Count = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_many_messages_of_a_transaction_are_inserted_by_one_statement_with_all_that_belongs_to_them()
    {
        var insertions = new InsertionCount();
        await using var module = await CreateAsync(insertions);
        var later = DateTimeOffset.UtcNow.AddHours(1);

        await module.UseAsync(async database =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync(Cancel);
            AddMessages(module, database, later);
            await database.SaveChangesAsync(Cancel);
            await transaction.CommitAsync(Cancel);
        });

        Assert.Equal(1, insertions.Count);
        Assert.Equal(Count, await module.Relay.TryRelayAsync(Cancel));
        var messages = await bus.Client.TakeAsync(module.Name.Other, Count - 1);
        Assert.Equal(
            Enumerable.Range(0, Count - 1).Select(number => $$"""{"number":{{number}}}"""),
            messages.Select(message => message.Body.ToString())
        );
        Assert.Equal(
            Enumerable
                .Range(0, Count - 1)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"order-{number}")),
            messages.Select(message => message.CorrelationId)
        );
        var scheduled = Assert.Single(await bus.Client.PeekAsync(module.Name.Queue));
        Assert.Equal(ServiceBusMessageState.Scheduled, scheduled.State);
        Assert.Equal(later, scheduled.ScheduledEnqueueTime, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task When_saving_fails_its_messages_are_not_there_and_come_with_the_saving_that_succeeds()
    {
        await using var module = await CreateAsync(new InsertionCount());
        var taken = new Entry { Text = "first" };
        await module.UseAsync(async database =>
        {
            database.Add(taken);
            await database.SaveChangesAsync(Cancel);
        });

        await module.UseAsync(async database =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync(Cancel);
            AddMessages(module, database, DateTimeOffset.UtcNow);
            var twin = database.Add(new Entry { Id = taken.Id, Text = "second" });
            await Assert.ThrowsAsync<DbUpdateException>(() => database.SaveChangesAsync(Cancel));
            Assert.Equal(0, await database.Set<OutboxMessage>().CountAsync(Cancel));

            twin.State = EntityState.Detached;
            await database.SaveChangesAsync(Cancel);
            await transaction.CommitAsync(Cancel);
        });

        Assert.Equal(Count, await module.CountAsync("outbox_messages"));
    }

    private Task<Module> CreateAsync(InsertionCount insertions) =>
        Module.CreateAsync(
            databases,
            bus,
            services => services.ConfigureDbContext<LedgerContext>(options => options.AddInterceptors(insertions))
        );

    private static void AddMessages(Module module, LedgerContext database, DateTimeOffset later)
    {
        var outbox = new Outbox<LedgerContext>(
            database,
            module.Get<MessagingContext<LedgerContext>>(),
            TimeProvider.System
        );
        for (var number = 0; number < Count - 1; number++)
        {
            outbox.Add(new Pong(number), string.Create(CultureInfo.InvariantCulture, $"order-{number}"));
        }

        outbox.Add(new Ping(1), "order-1", later);
    }

    private sealed class InsertionCount : DbCommandInterceptor
    {
        public int Count { get; private set; }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<int> result,
            CancellationToken cancellationToken = default
        )
        {
            Note(command);
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            Note(command);
            return ValueTask.FromResult(result);
        }

        private void Note(DbCommand command) =>
            Count += command.CommandText.Split("INSERT INTO outbox_messages").Length - 1;
    }
}
