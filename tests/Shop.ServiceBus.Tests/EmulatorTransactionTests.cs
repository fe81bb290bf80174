using System.Transactions;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

/// <summary>Transactions of the official SDK: what is done in one happens together or not at all.</summary>
public sealed class EmulatorTransactionTests(EmulatorFixture fixture)
    : SdkTest,
        IClassFixture<EmulatorFixture>,
        IAsyncLifetime
{
    private ServiceBusClient client = null!;

    public ValueTask InitializeAsync()
    {
        client = new ServiceBusClient(fixture.ConnectionString);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(fixture.Emulator.Output);
        }

        await client.DisposeAsync();
    }

    [Theory]
    [InlineData("queue-1", "complete", true)]
    [InlineData("queue-2", "abandon", true)]
    [InlineData("queue-3", "defer", true)]
    [InlineData("queue-4", "dead-letter", true)]
    [InlineData("queue-5", "complete", false)]
    [InlineData("queue-6", "abandon", false)]
    [InlineData("queue-7", "defer", false)]
    [InlineData("queue-8", "dead-letter", false)]
    public async Task What_is_sent_and_settled_happens_at_the_commit_or_never(string queue, string how, bool commits)
    {
        await using var sender = client.CreateSender(queue);
        await sender.SendMessageAsync(new("old"), Cancelled);
        await using var receiver = client.CreateReceiver(queue);
        var message = await ReceiveAsync(receiver);
        var properties = new Dictionary<string, object> { ["seen"] = "ja, größer" };

        using (var scope = Scope())
        {
            await sender.SendMessageAsync(new("new"), Cancelled);
            await (
                how switch
                {
                    "complete" => receiver.CompleteMessageAsync(message, Cancelled),
                    "abandon" => receiver.AbandonMessageAsync(message, properties, Cancelled),
                    "defer" => receiver.DeferMessageAsync(message, properties, Cancelled),
                    _ => receiver.DeadLetterMessageAsync(message, properties, "why", "because", Cancelled),
                }
            );
            Assert.Equal(["old"], await BodiesAsync(queue));
            Assert.Empty(await BodiesAsync(queue, DeadLetters));
            Complete(scope, commits);
        }

        await Task.Delay(commits ? TimeSpan.Zero : Moment, Cancelled);
        if (!commits)
        {
            Assert.Equal(["old"], await BodiesAsync(queue));
            Assert.Null(await client.CreateReceiver(queue).ReceiveMessageAsync(Moment, Cancelled));
            // It is still its receiver's.
            await receiver.CompleteMessageAsync(message, Cancelled);
            Assert.Empty(await BodiesAsync(queue));
            return;
        }

        Assert.Equal(how is "abandon" or "defer" ? ["old", "new"] : ["new"], await BodiesAsync(queue));
        Assert.Equal(how is "dead-letter" ? ["old"] : [], await BodiesAsync(queue, DeadLetters));
        var settled = how switch
        {
            "abandon" => await ReceiveAsync(receiver),
            "defer" => await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, Cancelled),
            "dead-letter" => await ReceiveAsync(client.CreateReceiver(queue, DeadLetters)),
            _ => null,
        };
        if (settled is not null)
        {
            Assert.Equal("ja, größer", settled.ApplicationProperties["seen"]);
            Assert.Equal(2, settled.DeliveryCount);
            Assert.Equal(how is "dead-letter" ? "why" : null, settled.DeadLetterReason);
        }

        await LockLostAsync(() => receiver.CompleteMessageAsync(message, Cancelled));
    }

    [Theory]
    [InlineData("sessions-1", true)]
    [InlineData("sessions-2", false)]
    public async Task A_session_takes_part_and_keeps_its_order(string queue, bool commits)
    {
        await SendAsync(client, queue, InSession("1"), InSession("2"), InSession("3"));
        await using var receiver = await client.AcceptSessionAsync(queue, "s", cancellationToken: Cancelled);
        var messages = await ReceiveAsync(receiver, 2);

        using (var scope = Scope())
        {
            await receiver.CompleteMessageAsync(messages[0], Cancelled);
            await receiver.AbandonMessageAsync(messages[1], null, Cancelled);
            await SendAsync(client, queue, InSession("4"));
            Complete(scope, commits);
        }

        await Task.Delay(commits ? TimeSpan.Zero : Moment, Cancelled);
        if (!commits)
        {
            await receiver.CompleteMessageAsync(messages[0], Cancelled);
            await receiver.AbandonMessageAsync(messages[1], null, Cancelled);
        }

        var left = await ReceiveAsync(receiver, commits ? 3 : 2);
        Assert.Equal(commits ? ["2", "3", "4"] : ["2", "3"], left.Select(message => message.Body.ToString()));
    }

    [Theory]
    [InlineData("queue-9", true)]
    [InlineData("sessions-3", true)]
    [InlineData("queue-10", false)]
    [InlineData("sessions-4", false)]
    public async Task A_deferred_message_takes_part(string queue, bool commits)
    {
        await SendAsync(client, queue, InSession("x"));
        await using var receiver = queue.StartsWith("sessions", StringComparison.Ordinal)
            ? await client.AcceptSessionAsync(queue, "s", cancellationToken: Cancelled)
            : client.CreateReceiver(queue);
        var message = await ReceiveAsync(receiver);
        await receiver.DeferMessageAsync(message, null, Cancelled);
        var deferred = await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, Cancelled);

        using (var scope = Scope())
        {
            await receiver.CompleteMessageAsync(deferred, Cancelled);
            Assert.Equal(["x"], await BodiesAsync(queue));
            Complete(scope, commits);
        }

        await Task.Delay(commits ? TimeSpan.Zero : Moment, Cancelled);
        Assert.Equal(commits ? [] : ["x"], await BodiesAsync(queue));
        if (!commits)
        {
            await receiver.CompleteMessageAsync(deferred, Cancelled);
        }

        await LockLostAsync(() => receiver.CompleteMessageAsync(deferred, Cancelled));
    }

    [Theory]
    [InlineData("queue-11", true)]
    [InlineData("queue-12", false)]
    public async Task Scheduled_messages_take_part(string queue, bool commits)
    {
        var later = DateTimeOffset.UtcNow.AddHours(1);
        await using var sender = client.CreateSender(queue);
        var cancelled = await sender.ScheduleMessageAsync(new("cancelled"), later, Cancelled);
        long scheduled;

        using (var scope = Scope())
        {
            scheduled = await sender.ScheduleMessageAsync(new("later"), later, Cancelled);
            await sender.SendMessageAsync(new("also later") { ScheduledEnqueueTime = later }, Cancelled);
            await sender.ScheduleMessageAsync(new("at once"), DateTimeOffset.UtcNow, Cancelled);
            await sender.CancelScheduledMessageAsync(cancelled, Cancelled);
            Complete(scope, commits);
        }

        await Task.Delay(Moment, Cancelled);
        Assert.Equal(
            commits ? ["also later", "at once", "later"] : ["cancelled"],
            (await BodiesAsync(queue)).Order(StringComparer.Ordinal)
        );
        if (!commits)
        {
            await sender.CancelScheduledMessageAsync(cancelled, Cancelled);
            return;
        }

        Assert.Equal("at once", (await ReceiveAsync(client.CreateReceiver(queue))).Body.ToString());
        Assert.True(scheduled > cancelled);
        await sender.CancelScheduledMessageAsync(scheduled, Cancelled);
        Assert.DoesNotContain("later", await BodiesAsync(queue));
    }

    [Fact]
    public async Task Batches_take_part_up_to_100_messages_in_one_transaction()
    {
        await using var sender = client.CreateSender("queue-13");
        async Task SendBatchAsync(int count)
        {
            using var batch = await sender.CreateMessageBatchAsync(Cancelled);
            for (var number = 0; number < count; number++)
            {
                Assert.True(batch.TryAddMessage(new ServiceBusMessage($"{number}")));
            }

            await sender.SendMessagesAsync(batch, Cancelled);
        }

        using (var scope = Scope())
        {
            await SendBatchAsync(60);
            await SendBatchAsync(40);
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => SendBatchAsync(1));
            Assert.Contains("more than 100 messages in a single transaction", error.Message);
            scope.Complete();
        }

        Assert.Equal(100, (await client.CreateReceiver("queue-13").PeekMessagesAsync(200, 0, Cancelled)).Count);
    }

    [Fact]
    public async Task A_topic_and_its_subscriptions_are_one_entity()
    {
        await using var sender = client.CreateSender("ruled");
        await sender.SendMessageAsync(new("old"), Cancelled);
        await using var one = client.CreateReceiver("ruled", "new");
        await using var other = client.CreateReceiver("ruled", "paged");
        var (first, second) = (await ReceiveAsync(one), await ReceiveAsync(other));

        using (var scope = Scope())
        {
            await one.CompleteMessageAsync(first, Cancelled);
            await sender.SendMessageAsync(new("new"), Cancelled);
            await other.DeadLetterMessageAsync(second, cancellationToken: Cancelled);
            scope.Complete();
        }

        Assert.Equal("new", (await ReceiveAsync(one)).Body.ToString());
        Assert.Equal("new", (await ReceiveAsync(other)).Body.ToString());
        await using var deadLetters = client.CreateReceiver("ruled", "paged", DeadLetters);
        Assert.Equal("old", (await ReceiveAsync(deadLetters)).Body.ToString());
    }

    [Fact]
    public async Task A_duplicate_within_a_transaction_is_dropped()
    {
        using (var scope = Scope())
        {
            await SendAsync(client, "once-1", new("1") { MessageId = "a" }, new("2") { MessageId = "a" });
            await SendAsync(client, "once-1", new("3") { MessageId = "a" }, new("4") { MessageId = "b" });
            scope.Complete();
        }

        Assert.Equal(["1", "4"], await BodiesAsync("once-1"));
    }

    [Fact]
    public async Task Two_transactions_beside_each_other_do_not_touch_one_another()
    {
        await using var sender = client.CreateSender("queue-14");
        await sender.SendMessagesAsync([new("1"), new("2")], Cancelled);
        await using var receiver = client.CreateReceiver("queue-14");
        var messages = await ReceiveAsync(receiver, 2);
        var (first, second) = (new CommittableTransaction(), new CommittableTransaction());
        Task InAsync(Transaction transaction, Func<Task> action)
        {
            using var scope = new TransactionScope(transaction, TransactionScopeAsyncFlowOption.Enabled);
            var running = action();
            scope.Complete();
            return running;
        }

        await InAsync(first, () => receiver.CompleteMessageAsync(messages[0], Cancelled));
        await InAsync(second, () => receiver.CompleteMessageAsync(messages[1], Cancelled));
        await InAsync(first, () => sender.SendMessageAsync(new("of the first"), Cancelled));
        await InAsync(second, () => sender.SendMessageAsync(new("of the second"), Cancelled));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            InAsync(second, () => receiver.CompleteMessageAsync(messages[0], Cancelled))
        );
        Assert.Contains("is settled in a transaction that is not over", error.Message);
        second.Rollback();
        first.Commit();
        await Task.Delay(Moment, Cancelled);

        Assert.Equal(["2", "of the first"], await BodiesAsync("queue-14"));
        await receiver.CompleteMessageAsync(messages[1], Cancelled);
        Assert.Equal(["of the first"], await BodiesAsync("queue-14"));
    }

    [Fact]
    public async Task Another_entity_cannot_take_part_unless_the_client_asks_for_it()
    {
        using (Scope())
        {
            await SendAsync(client, "queue-15", new ServiceBusMessage("x"));

            var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                SendAsync(client, "queue-16", new ServiceBusMessage("y"))
            );

            Assert.Contains(
                "The transaction concerns 'queue-15', and 'queue-16' cannot take part in it",
                error.Message
            );
        }
    }

    [Theory]
    [InlineData("queue-17", true)]
    [InlineData("queue-18", false)]
    public async Task What_is_sent_to_others_goes_with_what_is_settled(string queue, bool commits)
    {
        await using var crossing = new MortalClient(fixture.ConnectionString);
        await SendAsync(client, queue, new ServiceBusMessage("old"));
        await SendAsync(client, "queue-19", new ServiceBusMessage("other"));
        await using var receiver = crossing.CreateReceiver(queue);
        await using var topic = crossing.CreateSender("events");
        await using var inbox = crossing.CreateSender("inbox");
        await using var otherReceiver = crossing.CreateReceiver("queue-19");
        var message = await ReceiveAsync(receiver);
        var other = await ReceiveAsync(otherReceiver);
        var body = $"from {queue}";

        using (var scope = Scope())
        {
            await receiver.CompleteMessageAsync(message, Cancelled);
            await topic.SendMessageAsync(new(body), Cancelled);
            await inbox.SendMessageAsync(new(body), Cancelled);
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                otherReceiver.CompleteMessageAsync(other, Cancelled)
            );
            Assert.Contains($"The transaction concerns '{queue}', and 'queue-19' cannot take part", error.Message);
            Complete(scope, commits);
        }

        await Task.Delay(commits ? TimeSpan.Zero : Moment, Cancelled);
        Assert.Equal(commits ? [] : ["old"], await BodiesAsync(queue));
        Assert.Equal(commits, (await BodiesAsync("inbox")).Contains(body));
        var events = await client.CreateReceiver("events", "all").PeekMessagesAsync(100, 0, Cancelled);
        Assert.Equal(commits, events.Any(sent => sent.Body.ToString() == body));
        await otherReceiver.CompleteMessageAsync(other, Cancelled);
    }

    [Fact]
    public async Task A_transaction_whose_lock_expires_is_rolled_back()
    {
        await using var sender = client.CreateSender("brief");
        await sender.SendMessageAsync(new("old"), Cancelled);
        await using var receiver = client.CreateReceiver("brief");
        var message = await ReceiveAsync(receiver);
        var scope = Scope();
        await receiver.CompleteMessageAsync(message, Cancelled);
        await sender.SendMessageAsync(new("new"), Cancelled);
        await Task.Delay(TimeSpan.FromSeconds(4), Cancelled);
        scope.Complete();

        var error = Assert.ThrowsAny<TransactionException>(scope.Dispose);

        Assert.Contains("was rolled back", error.InnerException?.Message);
        Assert.Equal(["old"], await BodiesAsync("brief"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_kill_9_all_of_a_transaction_is_there_or_nothing(bool commits)
    {
        await using var emulator = await EmulatorProcess.StartAsync(EmulatorFixture.Configuration, Cancelled);
        await using (var before = new MortalClient(emulator.ConnectionString))
        {
            await SendAsync(before, "queue-1", new("completed"), new("dead"), new("deferred"));
            await using var receiver = before.CreateReceiver("queue-1");
            var messages = await ReceiveAsync(receiver, 3);
            var transaction = new CommittableTransaction();
            using (var scope = new TransactionScope(transaction, TransactionScopeAsyncFlowOption.Enabled))
            {
                await receiver.CompleteMessageAsync(messages[0], Cancelled);
                await receiver.DeadLetterMessageAsync(messages[1], cancellationToken: Cancelled);
                await receiver.DeferMessageAsync(messages[2], cancellationToken: Cancelled);
                await SendAsync(before, "queue-1", new ServiceBusMessage("new"));
                await SendAsync(before, "queue-2", new("new"), new("newer"));
                scope.Complete();
            }

            if (commits)
            {
                transaction.Commit();
            }

            await emulator.KillAsync(Cancelled);
        }

        await emulator.StartAsync(Cancelled);

        await using var after = new ServiceBusClient(emulator.ConnectionString);
        async Task<string[]> BodiesAsync(string queue, ServiceBusReceiverOptions? options = null) =>
            [
                .. (await after.CreateReceiver(queue, options).PeekMessagesAsync(100, 0, Cancelled)).Select(message =>
                    message.Body.ToString()
                ),
            ];
        Assert.Equal(commits ? ["deferred", "new"] : ["completed", "dead", "deferred"], await BodiesAsync("queue-1"));
        Assert.Equal(commits ? ["dead"] : [], await BodiesAsync("queue-1", DeadLetters));
        Assert.Equal(commits ? ["new", "newer"] : [], await BodiesAsync("queue-2"));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(700)]
    [InlineData(1100)]
    public async Task Kill_9_amid_many_transactions_leaves_each_of_them_whole(int milliseconds)
    {
        await using var emulator = await EmulatorProcess.StartAsync(EmulatorFixture.Configuration, Cancelled);
        var acknowledged = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var committed = Signal();
        await using (var before = new MortalClient(emulator.ConnectionString))
        {
            await using var first = before.CreateSender("queue-1");
            await using var second = before.CreateSender("queue-2");
            async Task CommitUntilKilledAsync(int worker)
            {
                for (var number = 0; ; number++)
                {
                    var transaction = new CommittableTransaction();
                    using (var scope = new TransactionScope(transaction, TransactionScopeAsyncFlowOption.Enabled))
                    {
                        await first.SendMessageAsync(new($"{worker}-{number}"), Cancelled);
                        await second.SendMessagesAsync(
                            [new($"{worker}-{number}"), new($"{worker}-{number}")],
                            Cancelled
                        );
                        scope.Complete();
                    }

                    await Task.Factory.FromAsync(transaction.BeginCommit, transaction.EndCommit, null);
                    acknowledged.Enqueue($"{worker}-{number}");
                    committed.TrySetResult();
                }
            }

            var workers = Enumerable.Range(0, 4).Select(CommitUntilKilledAsync).ToList();
            await committed.Task.WaitAsync(Limit, Cancelled);
            await Task.Delay(milliseconds, Cancelled);
            await emulator.KillAsync(Cancelled);
            // What the clients are told depends on where it hit them.
            await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAny(workers).Unwrap().WaitAsync(Limit, Cancelled));
        }

        await emulator.StartAsync(Cancelled);

        await using var after = new ServiceBusClient(emulator.ConnectionString);
        async Task<List<string>> AllAsync(string queue)
        {
            await using var receiver = after.CreateReceiver(queue);
            List<string> bodies = [];
            while (await receiver.PeekMessagesAsync(200, cancellationToken: Cancelled) is { Count: > 0 } page)
            {
                bodies.AddRange(page.Select(message => message.Body.ToString()));
            }

            return bodies;
        }

        var (ones, twos) = (await AllAsync("queue-1"), await AllAsync("queue-2"));
        Assert.Superset(acknowledged.ToHashSet(), ones.ToHashSet());
        Assert.Equal(ones.Concat(ones).Order(), twos.Order());
    }

    [Fact]
    public async Task A_transaction_whose_client_leaves_is_rolled_back()
    {
        await using var leaving = new ServiceBusClient(fixture.ConnectionString);
        await SendAsync(leaving, "queue-20", new ServiceBusMessage("held"));
        var receiver = leaving.CreateReceiver("queue-20");
        var message = await ReceiveAsync(receiver);
        var transaction = new CommittableTransaction();
        using (var scope = new TransactionScope(transaction, TransactionScopeAsyncFlowOption.Enabled))
        {
            await receiver.CompleteMessageAsync(message, Cancelled);
            await SendAsync(leaving, "queue-20", new ServiceBusMessage("never"));
            scope.Complete();
        }

        await leaving.DisposeAsync();

        Assert.ThrowsAny<TransactionException>(transaction.Commit);
        Assert.Equal(["held"], await BodiesAsync("queue-20"));
    }

    private static TransactionScope Scope() => new(TransactionScopeAsyncFlowOption.Enabled);

    private static ServiceBusMessage InSession(string body) => new(body) { SessionId = "s" };

    private static void Complete(TransactionScope scope, bool commits)
    {
        if (commits)
        {
            scope.Complete();
        }
    }

    private static async Task LockLostAsync(Func<Task> action) =>
        Assert.Equal(
            ServiceBusFailureReason.MessageLockLost,
            (await Assert.ThrowsAsync<ServiceBusException>(action)).Reason
        );

    /// <summary>What is in a queue, looked at from outside of any transaction.</summary>
    private async Task<IReadOnlyList<string>> BodiesAsync(string queue, ServiceBusReceiverOptions? options = null)
    {
        using var outside = new TransactionScope(
            TransactionScopeOption.Suppress,
            TransactionScopeAsyncFlowOption.Enabled
        );
        await using var receiver = client.CreateReceiver(queue, options);
        var messages = await receiver.PeekMessagesAsync(100, 0, Cancelled);
        return [.. messages.Select(message => message.Body.ToString())];
    }

    /// <summary>A client with cross-entity transactions, whose connection may be dead when it is disposed of.</summary>
    private sealed class MortalClient(string connectionString)
        : ServiceBusClient(connectionString, new ServiceBusClientOptions { EnableCrossEntityTransactions = true })
    {
        public override async ValueTask DisposeAsync()
        {
            try
            {
                await base.DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                // The SDK closes the one session that all links share, and does not expect it to be aborted already.
            }
        }
    }
}
