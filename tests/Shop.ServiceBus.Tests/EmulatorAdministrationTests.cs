using System.Net;
using System.Text;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace Shop.ServiceBus.Tests;

/// <summary>The official administration client against the emulator. Each test makes entities of its own.</summary>
public sealed class EmulatorAdministrationTests(EmulatorFixture fixture)
    : SdkTest,
        IClassFixture<EmulatorFixture>,
        IAsyncLifetime
{
    private ServiceBusAdministrationClient administration = null!;
    private ServiceBusClient client = null!;

    public ValueTask InitializeAsync()
    {
        administration = new ServiceBusAdministrationClient(fixture.Emulator.AdministrationConnectionString);
        client = new ServiceBusClient(fixture.ConnectionString);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await client.DisposeAsync();

    [Fact]
    public async Task A_queue_has_the_settings_that_it_was_created_with_and_takes_messages_at_once()
    {
        var wanted = new CreateQueueOptions("made/full")
        {
            LockDuration = TimeSpan.FromSeconds(17),
            MaxDeliveryCount = 7,
            DefaultMessageTimeToLive = TimeSpan.FromHours(5),
            DeadLetteringOnMessageExpiration = true,
            RequiresDuplicateDetection = true,
            DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(3),
            ForwardDeadLetteredMessagesTo = "inbox",
            MaxSizeInMegabytes = 2048,
            MaxMessageSizeInKilobytes = 1024,
            AutoDeleteOnIdle = TimeSpan.FromDays(3),
            EnableBatchedOperations = false,
            UserMetadata = "für Müller, 東京, 🎁 <&>",
        };

        var created = (await administration.CreateQueueAsync(wanted, Cancelled)).Value;

        Assert.Equal(created, (await administration.GetQueueAsync("made/full", Cancelled)).Value);
        Assert.Equal(wanted, new CreateQueueOptions(created) { ForwardDeadLetteredMessagesTo = "inbox" });
        Assert.EndsWith("/inbox", created.ForwardDeadLetteredMessagesTo);
        await SendAsync(client, "made/full", new("1") { MessageId = "a" }, new("2") { MessageId = "a" });
        var receiver = client.CreateReceiver("made/full");
        // The wire carries whole milliseconds.
        var earliest = DateTimeOffset.UtcNow.AddMilliseconds(-1) + wanted.LockDuration;
        var message = await ReceiveAsync(receiver);
        Assert.Equal("1", message.Body.ToString());
        Assert.InRange(message.LockedUntil, earliest, DateTimeOffset.UtcNow + wanted.LockDuration);
        Assert.Null(await receiver.ReceiveMessageAsync(Moment, Cancelled));
    }

    [Theory]
    [InlineData(256, 600, false)]
    [InlineData(1024, 600, true)]
    [InlineData(102400, 2048, true)]
    public async Task A_queue_takes_messages_of_the_size_that_it_was_created_for(int limit, int size, bool isTaken)
    {
        var name = $"made-size-{limit}";
        var created = await administration.CreateQueueAsync(
            new CreateQueueOptions(name) { MaxMessageSizeInKilobytes = limit },
            Cancelled
        );

        var sent = await Record.ExceptionAsync(() =>
            SendAsync(client, name, new ServiceBusMessage(new byte[size * 1024]))
        );

        Assert.Equal(limit, created.Value.MaxMessageSizeInKilobytes);
        Assert.Equal(isTaken, sent is null);
        if (sent is not null)
        {
            Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, Assert.IsType<ServiceBusException>(sent).Reason);
        }
    }

    [Fact]
    public async Task A_queue_with_sessions_and_a_topic_have_the_settings_that_they_were_created_with()
    {
        var queue = new CreateQueueOptions("made-sessions")
        {
            RequiresSession = true,
            DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(10),
            MaxMessageSizeInKilobytes = 1024,
        };
        var topic = new CreateTopicOptions("made-topic")
        {
            DefaultMessageTimeToLive = TimeSpan.FromMinutes(9),
            RequiresDuplicateDetection = true,
            DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(1),
            MaxMessageSizeInKilobytes = 1024,
            UserMetadata = "ünïcode",
            Status = EntityStatus.Disabled,
        };

        Assert.Equal(queue, new CreateQueueOptions((await administration.CreateQueueAsync(queue, Cancelled)).Value));
        Assert.Equal(topic, new CreateTopicOptions((await administration.CreateTopicAsync(topic, Cancelled)).Value));

        Assert.Equal(
            topic,
            new CreateTopicOptions((await administration.GetTopicAsync("made-topic", Cancelled)).Value)
        );
        await SendAsync(client, "made-sessions", new ServiceBusMessage("x") { SessionId = "s" });
        await using var session = await client.AcceptSessionAsync("made-sessions", "s", cancellationToken: Cancelled);
        Assert.Equal("x", (await ReceiveAsync(session)).Body.ToString());
    }

    [Fact]
    public async Task A_subscription_gets_what_the_rule_that_it_was_created_with_lets_through()
    {
        await administration.CreateTopicAsync("made-news", Cancelled);
        var wanted = new CreateSubscriptionOptions("made-news", "Red_1")
        {
            LockDuration = TimeSpan.FromSeconds(20),
            MaxDeliveryCount = 3,
            DeadLetteringOnMessageExpiration = true,
            EnableDeadLetteringOnFilterEvaluationExceptions = false,
            DefaultMessageTimeToLive = TimeSpan.FromDays(1),
            ForwardDeadLetteredMessagesTo = "inbox",
            UserMetadata = "rot",
        };
        var rule = new CreateRuleOptions("red", new SqlRuleFilter("colour = 'röt'"))
        {
            Action = new SqlRuleAction("SET seen = 'yes'"),
        };

        var created = (await administration.CreateSubscriptionAsync(wanted, rule, Cancelled)).Value;
        await administration.CreateSubscriptionAsync("made-news", "all", Cancelled);

        Assert.Equal(created, (await administration.GetSubscriptionAsync("MADE-NEWS", "Red_1", Cancelled)).Value);
        Assert.Equal(
            wanted,
            new CreateSubscriptionOptions(created) { TopicName = "made-news", ForwardDeadLetteredMessagesTo = "inbox" }
        );
        await SendAsync(
            client,
            "made-news",
            new("1") { ApplicationProperties = { ["colour"] = "röt" } },
            new("2") { ApplicationProperties = { ["colour"] = "blue" } }
        );
        var red = await client.CreateReceiver("made-news", "Red_1").PeekMessagesAsync(10, 0, Cancelled);
        Assert.Equal(["1"], red.Select(message => message.Body.ToString()));
        Assert.Equal("yes", red[0].ApplicationProperties["seen"]);
        var all = await client.CreateReceiver("made-news", "all").PeekMessagesAsync(10, 0, Cancelled);
        Assert.Equal(["1", "2"], all.Select(message => message.Body.ToString()));
    }

    public static TheoryData<CreateRuleOptions> Rules { get; } =
    [
        new CreateRuleOptions("true", new TrueRuleFilter()),
        new CreateRuleOptions("false", new FalseRuleFilter()),
        new CreateRuleOptions("sql", new SqlRuleFilter("größe > 3 AND sys.Label = '<&>'"))
        {
            Action = new SqlRuleAction("SET größe = 4"),
        },
        new CreateRuleOptions(
            "correlation",
            new CorrelationRuleFilter
            {
                ContentType = "a",
                CorrelationId = "b",
                MessageId = "c",
                ReplyTo = "d",
                ReplyToSessionId = "e",
                SessionId = "f",
                Subject = "g",
                To = "東京",
            }
        ),
        new CreateRuleOptions(
            "properties",
            new CorrelationRuleFilter
            {
                ApplicationProperties =
                {
                    ["text"] = "é",
                    ["int"] = 1,
                    ["long"] = 1L << 40,
                    ["flag"] = true,
                    ["double"] = 0.5,
                    ["moment"] = new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc),
                },
            }
        ),
    ];

    [Theory]
    [MemberData(nameof(Rules), DisableDiscoveryEnumeration = true)]
    public async Task A_rule_is_read_as_it_was_made_and_can_be_replaced_and_deleted(CreateRuleOptions rule)
    {
        if (!await administration.TopicExistsAsync("made-rules", Cancelled))
        {
            await administration.CreateTopicAsync("made-rules", Cancelled);
            await administration.CreateSubscriptionAsync("made-rules", "s", Cancelled);
        }

        var made = (await administration.CreateRuleAsync("made-rules", "s", rule, Cancelled)).Value;

        Assert.Equal(rule, new CreateRuleOptions(made));
        Assert.Equal(made, (await administration.GetRuleAsync("made-rules", "s", rule.Name, Cancelled)).Value);
        Assert.Contains(made, await administration.GetRulesAsync("made-rules", "s", Cancelled).ToListAsync(Cancelled));
        made.Filter = new SqlRuleFilter("a = 1");
        made.Action = null;
        await administration.UpdateRuleAsync("made-rules", "s", made, Cancelled);
        var changed = (await administration.GetRuleAsync("made-rules", "s", rule.Name, Cancelled)).Value;
        Assert.Equal(new SqlRuleFilter("a = 1"), changed.Filter);
        Assert.Null(changed.Action);
        Assert.True(await administration.RuleExistsAsync("made-rules", "s", rule.Name, Cancelled));
        await administration.DeleteRuleAsync("made-rules", "s", rule.Name, Cancelled);
        Assert.False(await administration.RuleExistsAsync("made-rules", "s", rule.Name, Cancelled));
    }

    [Theory]
    [InlineData("a\u0001b", "a\uFFFDb")]
    [InlineData("x\u001F\u0000", "x\uFFFD\uFFFD")]
    [InlineData("\uFFFE 🎁", "\uFFFD 🎁")]
    public async Task A_character_that_XML_does_not_know_is_replaced(string given, string expected)
    {
        var name = $"odd-{(int)given[0]}";
        var filter = new CorrelationRuleFilter { Subject = "x", ApplicationProperties = { ["odd"] = given } };
        await using (var rules = client.CreateRuleManager("ruled", "wrong"))
        {
            await rules.CreateRuleAsync(new CreateRuleOptions(name, filter), Cancelled);
        }

        var read = (await administration.GetRuleAsync("ruled", "wrong", name, Cancelled)).Value;

        Assert.Equal(expected, Assert.IsType<CorrelationRuleFilter>(read.Filter).ApplicationProperties["odd"]);
    }

    [Theory]
    [InlineData("a%01b", HttpStatusCode.NotFound)]
    [InlineData("orders?$skip=%02", HttpStatusCode.OK)]
    [InlineData("$Resources/queues?$skip=%02", HttpStatusCode.BadRequest)]
    [InlineData("$Resources/queues?$top=-1", HttpStatusCode.BadRequest)]
    public async Task An_odd_address_gets_an_answer(string path, HttpStatusCode expected)
    {
        var (status, body) = await SendAsync(
            HttpMethod.Get,
            $"{path}{(path.Contains('?') ? '&' : '?')}api-version=2021-05"
        );

        Assert.Equal(expected, status);
        Assert.NotNull(System.Xml.Linq.XElement.Parse(body));
    }

    [Fact]
    public async Task An_update_counts_from_the_next_message_on()
    {
        await administration.CreateQueueAsync("made-changed", Cancelled);
        var properties = (await administration.GetQueueAsync("made-changed", Cancelled)).Value;
        properties.LockDuration = TimeSpan.FromSeconds(5);
        properties.MaxDeliveryCount = 1;
        properties.UserMetadata = "neu";

        var changed = (await administration.UpdateQueueAsync(properties, Cancelled)).Value;

        Assert.Equal(properties, changed);
        await SendAsync(client, "made-changed", new ServiceBusMessage("x"));
        await using var receiver = client.CreateReceiver("made-changed");
        var message = await ReceiveAsync(receiver);
        Assert.InRange(message.LockedUntil - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await receiver.AbandonMessageAsync(message, cancellationToken: Cancelled);
        Assert.Equal("x", (await ReceiveAsync(client.CreateReceiver("made-changed", DeadLetters))).Body.ToString());
        var runtime = (await administration.GetQueueRuntimePropertiesAsync("made-changed", Cancelled)).Value;
        Assert.True(runtime.UpdatedAt > runtime.CreatedAt);
    }

    [Fact]
    public async Task An_update_of_an_entity_of_the_configuration_keeps_its_messages_and_rules()
    {
        await SendAsync(client, "events", new ServiceBusMessage("kept") { Subject = "sql.a" });
        var red = (await administration.GetSubscriptionAsync("events", "red", Cancelled)).Value;
        red.MaxDeliveryCount = 4;

        await administration.UpdateSubscriptionAsync(red, Cancelled);

        Assert.Equal(4, (await administration.GetSubscriptionAsync("events", "red", Cancelled)).Value.MaxDeliveryCount);
        var rules = await administration.GetRulesAsync("events", "red", Cancelled).ToListAsync(Cancelled);
        Assert.Equal(["red"], rules.Select(rule => rule.Name));
        Assert.NotNull(await client.CreateReceiver("events", "all").PeekMessageAsync(0, Cancelled));
    }

    [Fact]
    public async Task What_forwards_delivers_to_its_target_until_the_target_is_deleted()
    {
        await administration.CreateQueueAsync("made-target", Cancelled);
        await administration.CreateQueueAsync(
            new CreateQueueOptions("made-source") { ForwardTo = "made-target" },
            Cancelled
        );

        await SendAsync(client, "made-source", new ServiceBusMessage("1"));
        Assert.Equal("1", (await ReceiveAsync(client.CreateReceiver("made-target"))).Body.ToString());

        await administration.DeleteQueueAsync("made-target", Cancelled);
        await SendAsync(client, "made-source", new ServiceBusMessage("2"));
        Assert.Equal("2", (await ReceiveAsync(client.CreateReceiver("made-source"))).Body.ToString());
    }

    [Fact]
    public async Task Lists_come_in_pages_by_name()
    {
        for (var number = 0; number < 103; number++)
        {
            await administration.CreateQueueAsync($"many/{number:000}", Cancelled);
        }

        var queues = await administration.GetQueuesAsync(Cancelled).ToListAsync(Cancelled);
        var topics = await administration.GetTopicsAsync(Cancelled).ToListAsync(Cancelled);
        var subscriptions = await administration.GetSubscriptionsAsync("events", Cancelled).ToListAsync(Cancelled);
        var runtime = await administration.GetQueuesRuntimePropertiesAsync(Cancelled).ToListAsync(Cancelled);

        Assert.Equal(
            Enumerable.Range(0, 103).Select(number => $"many/{number:000}"),
            queues.Select(queue => queue.Name).Where(name => name.StartsWith("many/", StringComparison.Ordinal))
        );
        Assert.Superset(
            new HashSet<string>(["orders", "inbox", "relay"]),
            queues.Select(queue => queue.Name).ToHashSet()
        );
        Assert.DoesNotContain(queues, queue => queue.Name is "events" || queue.Name.Contains('$'));
        Assert.Superset(
            new HashSet<string>(["events", "once", "ruled"]),
            topics.Select(topic => topic.Name).ToHashSet()
        );
        Assert.Equal(["all", "created", "red", "urgent"], subscriptions.Select(one => one.SubscriptionName));
        Assert.Equal(queues.Select(queue => queue.Name), runtime.Select(queue => queue.Name));
    }

    [Theory]
    [InlineData("$skip=2&$top=3", "many-2,many-3,many-4")]
    [InlineData("$top=1", "many-0")]
    [InlineData("$skip=4", "many-4")]
    [InlineData("$skip=9&$top=3", "")]
    public async Task A_page_is_what_skip_and_top_say(string query, string expected)
    {
        if (!await administration.TopicExistsAsync("made-pages", Cancelled))
        {
            await administration.CreateTopicAsync("made-pages", Cancelled);
            for (var number = 0; number < 5; number++)
            {
                await administration.CreateSubscriptionAsync("made-pages", $"many-{number}", Cancelled);
            }
        }

        var (status, body) = await SendAsync(HttpMethod.Get, $"made-pages/Subscriptions?api-version=2021-05&{query}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(expected.Length == 0 ? 0 : expected.Split(',').Length, body.Split("<entry").Length - 1);
        Assert.All(expected.Split(','), name => Assert.Contains(name, body));
    }

    [Fact]
    public async Task Counts_sizes_and_times_are_told()
    {
        var before = DateTimeOffset.UtcNow;
        await administration.CreateTopicAsync("made-counted", Cancelled);
        await administration.CreateSubscriptionAsync("made-counted", "s", Cancelled);
        await administration.CreateQueueAsync("made-counted-queue", Cancelled);
        foreach (
            var (entity, receiver) in new[]
            {
                ("made-counted", client.CreateReceiver("made-counted", "s")),
                ("made-counted-queue", client.CreateReceiver("made-counted-queue")),
            }
        )
        {
            await SendAsync(client, entity, new("1"), new("2"), new("3"));
            await client
                .CreateSender(entity)
                .ScheduleMessageAsync(new("later"), DateTimeOffset.UtcNow.AddHours(1), Cancelled);
            await receiver.DeadLetterMessageAsync(await ReceiveAsync(receiver), cancellationToken: Cancelled);
            await ReceiveAsync(receiver);
        }

        var queue = (await administration.GetQueueRuntimePropertiesAsync("made-counted-queue", Cancelled)).Value;
        var topic = (await administration.GetTopicRuntimePropertiesAsync("made-counted", Cancelled)).Value;
        var subscription = (
            await administration.GetSubscriptionRuntimePropertiesAsync("made-counted", "s", Cancelled)
        ).Value;

        Assert.Equal(
            (2, 1, 1, 4),
            (
                queue.ActiveMessageCount,
                queue.DeadLetterMessageCount,
                queue.ScheduledMessageCount,
                queue.TotalMessageCount
            )
        );
        Assert.Equal((0, 0), (queue.TransferMessageCount, queue.TransferDeadLetterMessageCount));
        Assert.Equal(
            (2, 1, 3),
            (subscription.ActiveMessageCount, subscription.DeadLetterMessageCount, subscription.TotalMessageCount)
        );
        Assert.Equal((1, 1), (topic.ScheduledMessageCount, topic.SubscriptionCount));
        Assert.InRange(queue.SizeInBytes, 4, 4000);
        Assert.InRange(topic.SizeInBytes, 4, 4000);
        Assert.All(
            [queue.CreatedAt, queue.UpdatedAt, queue.AccessedAt, topic.AccessedAt, subscription.AccessedAt],
            moment => Assert.InRange(moment, before, DateTimeOffset.UtcNow)
        );
    }

    [Fact]
    public async Task The_namespace_tells_its_name() =>
        Assert.Equal("sbemulatorns", (await administration.GetNamespacePropertiesAsync(Cancelled)).Value.Name);

    [Fact]
    public async Task What_is_there_already_cannot_be_created_whatever_its_kind_and_case()
    {
        await AlreadyExistsAsync(() => administration.CreateQueueAsync("ORDERS", Cancelled));
        await AlreadyExistsAsync(() => administration.CreateQueueAsync("events", Cancelled));
        await AlreadyExistsAsync(() => administration.CreateTopicAsync("orders", Cancelled));
        await AlreadyExistsAsync(() => administration.CreateSubscriptionAsync("events", "ALL", Cancelled));
        await AlreadyExistsAsync(() =>
            administration.CreateRuleAsync("events", "red", new CreateRuleOptions("red"), Cancelled)
        );
    }

    [Fact]
    public async Task Of_many_who_create_the_same_entity_at_once_one_does()
    {
        async Task<bool> CreatesAsync()
        {
            try
            {
                await administration.CreateQueueAsync("made-by-many", Cancelled);
                return true;
            }
            catch (ServiceBusException exception)
                when (exception.Reason == ServiceBusFailureReason.MessagingEntityAlreadyExists)
            {
                return false;
            }
        }

        var created = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CreatesAsync()));

        Assert.Single(created, true);
        await SendAsync(client, "made-by-many", new ServiceBusMessage("x"));
        Assert.Equal("x", (await ReceiveAsync(client.CreateReceiver("made-by-many"))).Body.ToString());
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await NotFoundAsync(() => administration.GetQueueAsync("nothing", Cancelled));
        await NotFoundAsync(() => administration.GetTopicAsync("nothing", Cancelled));
        await NotFoundAsync(() => administration.GetSubscriptionAsync("events", "nothing", Cancelled));
        await NotFoundAsync(() => administration.GetRuleAsync("events", "red", "nothing", Cancelled));
        await NotFoundAsync(() => administration.GetQueueRuntimePropertiesAsync("nothing", Cancelled));
        await NotFoundAsync(() => administration.DeleteQueueAsync("nothing", Cancelled));
        await NotFoundAsync(() => administration.DeleteRuleAsync("events", "red", "nothing", Cancelled));
        await NotFoundAsync(() => administration.CreateSubscriptionAsync("nothing", "s", Cancelled));
        var properties = (await administration.GetQueueAsync("inbox", Cancelled)).Value;
        await administration.CreateQueueAsync("made-and-gone", Cancelled);
        var gone = (await administration.GetQueueAsync("made-and-gone", Cancelled)).Value;
        await administration.DeleteQueueAsync("made-and-gone", Cancelled);
        await NotFoundAsync(() => administration.UpdateQueueAsync(gone, Cancelled));
        Assert.False(await administration.QueueExistsAsync("nothing", Cancelled));
        Assert.False(await administration.SubscriptionExistsAsync("nothing", "s", Cancelled));
        Assert.True(await administration.QueueExistsAsync(properties.Name, Cancelled));
    }

    [Theory]
    [InlineData("bücher")]
    [InlineData("東京")]
    [InlineData("two words")]
    [InlineData("-first")]
    [InlineData("a/subscriptions/b")]
    public async Task A_wrong_name_of_a_queue_is_refused_with_the_rule_for_names(string name)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => administration.CreateQueueAsync(name, Cancelled));

        Assert.Contains($"'{name}' is no", error.Message);
        Assert.Contains("use letters, digits", error.Message);
    }

    [Fact]
    public async Task What_can_not_be_changed_or_would_not_work_is_refused()
    {
        await RefusedAsync(
            "'nothing', which is no queue or topic",
            () =>
                administration.CreateQueueAsync(
                    new CreateQueueOptions("made-astray") { ForwardTo = "nothing" },
                    Cancelled
                )
        );
        await RefusedAsync(
            "'made-both' has sessions and cannot forward",
            () =>
                administration.CreateQueueAsync(
                    new CreateQueueOptions("made-both") { RequiresSession = true, ForwardTo = "inbox" },
                    Cancelled
                )
        );
        var inbox = (await administration.GetQueueAsync("inbox", Cancelled)).Value;
        inbox.ForwardTo = "relay";
        await RefusedAsync("in a circle", () => administration.UpdateQueueAsync(inbox, Cancelled));
        await RefusedAsync(
            "cannot be read",
            () =>
                administration.CreateRuleAsync(
                    "events",
                    "all",
                    new CreateRuleOptions("r", new SqlRuleFilter("a =")),
                    Cancelled
                )
        );
        var withRights = new CreateQueueOptions("made-rights");
        withRights.AuthorizationRules.Add(new SharedAccessAuthorizationRule("send", [AccessRights.Send]));
        await RefusedAsync(
            "'AuthorizationRules' must be empty",
            () => administration.CreateQueueAsync(withRights, Cancelled)
        );
    }

    [Theory]
    [InlineData("RequiresSession")]
    [InlineData("RequiresDuplicateDetection")]
    public async Task What_an_entity_was_created_for_cannot_be_changed(string property)
    {
        var (status, body) = await SendAsync(
            HttpMethod.Put,
            "inbox?api-version=2021-05",
            Queue($"<{property}>true</{property}>"),
            isUpdate: true
        );

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"The value for the {property} property of an existing Queue cannot be changed", body);
    }

    [Theory]
    [InlineData("<LockDuration>PT6M</LockDuration>", "'LockDuration' of the QueueDescription must be")]
    [InlineData("<LockDuration>soon</LockDuration>", "must be an ISO 8601 duration such as PT30S, not 'soon'")]
    [InlineData("<MaxDeliveryCount>0</MaxDeliveryCount>", "must be a whole number from 1 to 2000, not '0'")]
    [InlineData("<RequiresSession>maybe</RequiresSession>", "must be true or false, not 'maybe'")]
    [InlineData(
        "<Status>Asleep</Status>",
        "must be one of Active, Disabled, SendDisabled, ReceiveDisabled, not 'Asleep'"
    )]
    [InlineData("<Lockduration>PT1M</Lockduration>", "'Lockduration' is not known in a QueueDescription")]
    [InlineData("<Status>Active</Status><Status>Active</Status>", "'Status' is given twice")]
    [InlineData(
        "<MaxSizeInMegabytes>much</MaxSizeInMegabytes>",
        "'MaxSizeInMegabytes' of the QueueDescription must be"
    )]
    [InlineData("<", "The body is no XML")]
    public async Task A_wrong_setting_is_refused_by_its_name(string setting, string expected)
    {
        var (status, body) = await SendAsync(HttpMethod.Put, "made-wrong?api-version=2021-05", Queue(setting));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(expected, WebUtility.HtmlDecode(body));
        Assert.False(await administration.QueueExistsAsync("made-wrong", Cancelled));
    }

    [Theory]
    [InlineData(null, "The Authorization header is missing")]
    [InlineData("wrong key", "The token has an invalid signature.")]
    [InlineData("expired", "The token has expired.")]
    [InlineData("inbox", "The token is for 'inbox', which 'orders' is not below.")]
    public async Task Who_brings_no_valid_token_is_refused(string? token, string expected)
    {
        var now = DateTimeOffset.UtcNow;
        var header = token switch
        {
            "wrong key" => EmulatorSasToken.Sign("WRONG", "http://x/", now.AddMinutes(1)),
            "expired" => EmulatorSasToken.Sign(EmulatorSasToken.Key, "http://x/", now.AddMinutes(-1)),
            "inbox" => EmulatorSasToken.Sign(EmulatorSasToken.Key, "http://x/inbox", now.AddMinutes(1)),
            _ => "",
        };

        var (status, body) = await SendAsync(HttpMethod.Get, "orders?api-version=2021-05", authorization: header);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains(expected, WebUtility.HtmlDecode(body));
    }

    [Fact]
    public async Task A_client_with_another_key_is_not_authorized() =>
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() =>
            new ServiceBusAdministrationClient(
                fixture.Emulator.AdministrationConnectionString.Replace(EmulatorSasToken.Key, "ANOTHER")
            ).GetQueueAsync("orders", Cancelled)
        );

    [Fact]
    public async Task Who_works_with_an_entity_that_is_deleted_is_told_that_it_is_gone()
    {
        await administration.CreateQueueAsync("made-ended", Cancelled);
        await administration.CreateTopicAsync("made-ended-topic", Cancelled);
        await administration.CreateSubscriptionAsync("made-ended-topic", "s", Cancelled);
        await using var sender = client.CreateSender("made-ended");
        await sender.SendMessageAsync(new("x"), Cancelled);
        await using var receiver = client.CreateReceiver("made-ended-topic", "s");
        var waiting = receiver.ReceiveMessageAsync(Limit, Cancelled);
        await Task.Delay(Moment, Cancelled);

        await administration.DeleteQueueAsync("made-ended", Cancelled);
        await administration.DeleteTopicAsync("made-ended-topic", Cancelled);

        await NotFoundAsync(() => sender.SendMessageAsync(new("y"), Cancelled));
        // The SDK ends a wait without a word, and tells the reason next time.
        Assert.Null(await waiting.WaitAsync(Limit / 2, Cancelled));
        await NotFoundAsync(() => receiver.ReceiveMessageAsync(Limit, Cancelled));
        await administration.CreateQueueAsync("made-ended", Cancelled);
        Assert.Null(await client.CreateReceiver("made-ended").PeekMessageAsync(0, Cancelled));
    }

    [Theory]
    [InlineData("sender")]
    [InlineData("receiver")]
    [InlineData("session receiver")]
    [InlineData("waiting session receiver")]
    [InlineData("management")]
    public async Task A_link_to_an_entity_that_is_deleted_ends_with_not_found(string kind)
    {
        var name = $"made-linked-{kind.Replace(' ', '-')}";
        var hasSessions = kind.Contains("session", StringComparison.Ordinal);
        await administration.CreateQueueAsync(
            new CreateQueueOptions(name) { RequiresSession = hasSessions },
            Cancelled
        );
        var connection = await fixture.Emulator.ConnectAsync();
        var session = new Amqp.Session(connection);
        var source = new Amqp.Framing.Source { Address = name };
        if (hasSessions)
        {
            source.FilterSet = new Amqp.Types.Map
            {
                [new Amqp.Types.Symbol("com.microsoft:session-filter")] = kind == "session receiver" ? "s" : null,
            };
        }

        Amqp.Link link = kind switch
        {
            "sender" => new Amqp.SenderLink(session, "link", name),
            "management" => new Amqp.SenderLink(session, "link", name + "/$management"),
            _ => new Amqp.ReceiverLink(session, "link", source, null),
        };
        var closed = new TaskCompletionSource<Amqp.Framing.Error?>(TaskCreationOptions.RunContinuationsAsynchronously);
        link.AddClosedCallback((_, error) => closed.TrySetResult(error));
        await Task.Delay(Moment, Cancelled);
        Assert.False(closed.Task.IsCompleted);

        await administration.DeleteQueueAsync(name, Cancelled);

        var error = await closed.Task.WaitAsync(Limit, Cancelled);
        Assert.Equal("amqp:not-found", error?.Condition.ToString());
        Assert.Contains($"'{name}' could not be found", error?.Description);
        await connection.CloseAsync();
    }

    [Theory]
    [InlineData("Disabled", false, false)]
    [InlineData("SendDisabled", false, true)]
    [InlineData("ReceiveDisabled", true, false)]
    public async Task A_status_ends_what_it_forbids_and_Active_allows_it_again(
        string status,
        bool canSend,
        bool canReceive
    )
    {
        var name = $"made-{status}";
        await administration.CreateQueueAsync(name, Cancelled);
        var properties = (await administration.GetQueueAsync(name, Cancelled)).Value;
        await using var sender = client.CreateSender(name);
        await using var receiver = client.CreateReceiver(name);
        await sender.SendMessagesAsync([new("1"), new("2"), new("3")], Cancelled);
        await ReceiveAsync(receiver);
        async Task ExpectAsync(bool possible, Func<Task> action)
        {
            if (possible)
            {
                await action();
                return;
            }

            var error = await Assert.ThrowsAsync<ServiceBusException>(action);
            Assert.Equal(ServiceBusFailureReason.MessagingEntityDisabled, error.Reason);
        }

        properties.Status = new EntityStatus(status);
        await administration.UpdateQueueAsync(properties, Cancelled);
        await ExpectAsync(canSend, () => sender.SendMessageAsync(new("4"), Cancelled));
        await ExpectAsync(canReceive, () => ReceiveAsync(receiver));

        properties.Status = EntityStatus.Active;
        await administration.UpdateQueueAsync(properties, Cancelled);
        await sender.SendMessageAsync(new("5"), Cancelled);
        await ReceiveAsync(receiver);
    }

    [Fact]
    public async Task Everything_that_was_made_changed_or_deleted_is_so_after_kill_9()
    {
        await using var emulator = await EmulatorProcess.StartAsync(EmulatorFixture.Configuration, Cancelled);
        var before = new ServiceBusAdministrationClient(emulator.AdministrationConnectionString);
        await before.CreateQueueAsync(
            new CreateQueueOptions("kept") { RequiresSession = true, UserMetadata = "東京" },
            Cancelled
        );
        await before.CreateQueueAsync(new CreateQueueOptions("source") { ForwardTo = "inbox" }, Cancelled);
        await before.CreateTopicAsync("news", Cancelled);
        await before.CreateSubscriptionAsync(
            new CreateSubscriptionOptions("news", "big"),
            new CreateRuleOptions("big", new SqlRuleFilter("amount > 10")),
            Cancelled
        );
        var created = await before.CreateSubscriptionAsync("events", "more", Cancelled);
        var orders = (await before.GetQueueAsync("orders", Cancelled)).Value;
        orders.MaxDeliveryCount = 77;
        await before.UpdateQueueAsync(orders, Cancelled);
        await before.DeleteQueueAsync("queue-1", Cancelled);
        await before.DeleteTopicAsync("ruled", Cancelled);
        await before.CreateTopicAsync("ruled", Cancelled);
        await before.DeleteSubscriptionAsync("events", "all", Cancelled);
        await before.CreateQueueAsync("twice", Cancelled);
        await using (var sending = new ServiceBusClient(emulator.ConnectionString))
        {
            await SendAsync(sending, "kept", new ServiceBusMessage("x") { SessionId = "s" });
            await SendAsync(sending, "twice", new ServiceBusMessage("gone"));
            await before.DeleteQueueAsync("twice", Cancelled);
            await before.CreateQueueAsync("twice", Cancelled);
            await SendAsync(sending, "twice", new ServiceBusMessage("there"));
            await SendAsync(sending, "source", new ServiceBusMessage("passed on"));
        }

        for (var kill = 0; kill < 2; kill++)
        {
            await emulator.KillAsync(Cancelled);
            await emulator.StartAsync(Cancelled);

            var after = new ServiceBusAdministrationClient(emulator.AdministrationConnectionString);
            var kept = (await after.GetQueueAsync("kept", Cancelled)).Value;
            Assert.Equal((true, "東京"), (kept.RequiresSession, kept.UserMetadata));
            Assert.Equal(created.Value, (await after.GetSubscriptionAsync("events", "more", Cancelled)).Value);
            Assert.Equal(77, (await after.GetQueueAsync("orders", Cancelled)).Value.MaxDeliveryCount);
            Assert.False(await after.QueueExistsAsync("queue-1", Cancelled));
            Assert.Empty(await after.GetSubscriptionsAsync("ruled", Cancelled).ToListAsync(Cancelled));
            Assert.False(await after.SubscriptionExistsAsync("events", "all", Cancelled));
            await using var client = new ServiceBusClient(emulator.ConnectionString);
            Assert.Equal(
                "passed on",
                (await client.CreateReceiver("inbox").PeekMessageAsync(0, Cancelled)).Body.ToString()
            );
            var twice = await client.CreateReceiver("twice").PeekMessagesAsync(10, 0, Cancelled);
            Assert.Equal(["there"], twice.Select(message => message.Body.ToString()));
            var session = await client.AcceptSessionAsync("kept", "s", cancellationToken: Cancelled);
            Assert.Equal("x", (await ReceiveAsync(session)).Body.ToString());
            var big = new ServiceBusMessage($"{kill}") { ApplicationProperties = { ["amount"] = 11 } };
            await SendAsync(
                client,
                "news",
                big,
                new ServiceBusMessage("small") { ApplicationProperties = { ["amount"] = 9 } }
            );
            var news = await client.CreateReceiver("news", "big").PeekMessagesAsync(10, 0, Cancelled);
            Assert.Equal(
                Enumerable.Range(0, kill + 1).Select(number => $"{number}"),
                news.Select(message => message.Body.ToString())
            );
        }
    }

    private static async Task AlreadyExistsAsync(Func<Task> action) =>
        Assert.Equal(
            ServiceBusFailureReason.MessagingEntityAlreadyExists,
            (await Assert.ThrowsAsync<ServiceBusException>(action)).Reason
        );

    private static async Task NotFoundAsync(Func<Task> action) =>
        Assert.Equal(
            ServiceBusFailureReason.MessagingEntityNotFound,
            (await Assert.ThrowsAsync<ServiceBusException>(action)).Reason
        );

    private static async Task RefusedAsync(string text, Func<Task> action) =>
        Assert.Contains(text, (await Assert.ThrowsAsync<ArgumentException>(action)).Message);

    private static string Queue(string settings) =>
        $"""
            <entry xmlns="http://www.w3.org/2005/Atom"><content type="application/xml">
            <QueueDescription xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect">{settings}</QueueDescription>
            </content></entry>
            """;

    /// <summary>A request as it is on the wire; with a valid token unless another header is given.</summary>
    private async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? authorization = null,
        bool isUpdate = false
    )
    {
        using var http = new HttpClient { BaseAddress = fixture.Emulator.AdminAddress, Timeout = Limit };
        using var request = new HttpRequestMessage(method, path);
        authorization ??= EmulatorSasToken.Sign(EmulatorSasToken.Key, "http://x/", DateTimeOffset.UtcNow.AddMinutes(1));
        if (authorization.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (isUpdate)
        {
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/atom+xml");
        }

        using var response = await http.SendAsync(request, Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }
}
