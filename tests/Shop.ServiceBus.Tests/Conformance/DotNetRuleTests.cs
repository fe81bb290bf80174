using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace Shop.ServiceBus.Tests.Conformance;

/// <summary>Rules that clients make, on messages whose properties have the types of .NET.</summary>
public sealed class DotNetRuleTests : SdkTest, IAsyncLifetime
{
    private const string Topic = "t";
    private const string Subscription = "s";
    private const string Probe = "probe";
    private const string Marker = "marker";

    private static readonly DateTime Noon = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly Guid Id = Guid.Parse("0194f7a4-6f8e-7c4e-9d2a-1b6f0c3e5d7a");

    private static readonly string Configuration = $$"""
        {
          "UserConfig": {
            "Namespaces": [
              {
                "Topics": [
                  {
                    "Name": "{{Topic}}",
                    "Subscriptions": [
                      {
                        "Name": "{{Subscription}}",
                        "Rules": [
                          {
                            "Name": "{{Marker}}",
                            "Properties": { "FilterType": "Correlation", "CorrelationFilter": { "Label": "{{Marker}}" } }
                          }
                        ]
                      }
                    ]
                  }
                ]
              }
            ]
          }
        }
        """;

    private EmulatorProcess emulator = null!;
    private ServiceBusClient client = null!;

    public async ValueTask InitializeAsync()
    {
        emulator = await EmulatorProcess.StartAsync(Configuration, Cancelled);
        client = new ServiceBusClient(emulator.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_decimal_property_is_computed_exactly()
    {
        await LetsThroughAsync(
            19.99m,
            "value * 2 > 39.9",
            "value + 1 > 20.5",
            "-value < -19.5",
            "value = 19.99",
            "value * 1.1 = 21.989",
            "value / 2 = 9.995 AND value % 5 = 4.99",
            "value + 0.01 = 20 AND value IN (1, 19.99)"
        );
        await LetsThroughAsync(-0.1m, "value + 0.3 = 0.2", "-value = 0.1");
        await LetsThroughAsync(decimal.MaxValue, "value > 1e28 AND value < 1e29", "value - 1 < value");
        await HoldsBackAsync(
            decimal.MaxValue,
            "value * 2 > 0 OR NOT value * 2 > 0",
            "value / 0 > 0 OR NOT value / 0 > 0"
        );
    }

    [Fact]
    public async Task Every_type_of_number_is_computed_with_every_constant()
    {
        object[] numbers = [(byte)6, (sbyte)6, (short)6, (ushort)6, 6, 6u, 6L, 6ul, 6f, 6d, 6m];
        foreach (var number in numbers)
        {
            await LetsThroughAsync(
                number,
                "value * 2 + 1 = 13 AND value - 0.5 = 5.5 AND -value < -5 AND value % 4 = 2"
            );
        }
    }

    [Fact]
    public async Task Moments_are_compared_whatever_type_they_have()
    {
        foreach (object earlier in new object[] { Noon, new DateTimeOffset(Noon) })
        {
            foreach (object later in new object[] { Noon.AddHours(1), new DateTimeOffset(Noon.AddHours(1)) })
            {
                var message = Message(("createdAt", earlier), ("dueAt", later));
                Assert.True(await PassesAsync(new SqlRuleFilter("dueAt > createdAt AND createdAt <> dueAt"), message));
                Assert.False(await PassesAsync(new SqlRuleFilter("dueAt <= createdAt"), message));
            }
        }

        // The same moment in two time zones.
        Assert.True(
            await PassesAsync(
                new SqlRuleFilter("value = other"),
                Message(
                    ("value", new DateTimeOffset(Noon)),
                    ("other", new DateTimeOffset(Noon).ToOffset(TimeSpan.FromHours(5)))
                )
            )
        );
    }

    [Fact]
    public async Task Ids_spans_and_addresses_are_compared_by_value()
    {
        var shop = new Uri("https://shop.example/orders?id=1");
        await LetsThroughAsync(Id, $"value = '{Id}' AND value = same AND value <> other", Guid.NewGuid());
        await LetsThroughAsync(TimeSpan.FromMinutes(3), "value = same AND value < other", TimeSpan.FromHours(1));
        await LetsThroughAsync(
            shop,
            $"value = '{shop}' AND value = same AND value <> other",
            new Uri("https://other.example")
        );
        await HoldsBackAsync(TimeSpan.FromMinutes(3), "value = 'x' OR NOT value = 'x'");
    }

    public static TheoryData<object> Values() => [Noon, Id, 19.99m, 7, 7.5, 7.5f, ulong.MaxValue, 'x', true];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_correlation_rule_finds_its_value_and_tells_it_also_after_a_restart(object value)
    {
        var filter = new CorrelationRuleFilter { ApplicationProperties = { ["value"] = value } };

        Assert.True(await PassesAsync(filter, Message(("value", value))));
        Assert.False(await PassesAsync(filter, Message(("value", "another"))));

        await using var rules = client.CreateRuleManager(Topic, Subscription);
        await rules.CreateRuleAsync(Probe, filter, Cancelled);
        await emulator.KillAsync(Cancelled);
        await emulator.StartAsync(Cancelled);

        Assert.Equal("same", await ReceivedAsync(Message(("value", value))));
        await foreach (var rule in rules.GetRulesAsync(Cancelled))
        {
            if (rule.Name == Probe)
            {
                Assert.Equal(value, Assert.IsType<CorrelationRuleFilter>(rule.Filter).ApplicationProperties["value"]);
                return;
            }
        }

        Assert.Fail("The rule is not listed.");
    }

    [Fact]
    public async Task A_correlation_rule_finds_a_number_at_any_width_also_after_a_restart()
    {
        object[] numbers = [(byte)7, (sbyte)7, (short)7, (ushort)7, 7, 7u, 7L, 7ul, 7f, 7d, 7m];
        await using var rules = client.CreateRuleManager(Topic, Subscription);
        foreach (var wanted in new object[] { (byte)7, 7f, 7m })
        {
            var filter = new CorrelationRuleFilter { ApplicationProperties = { ["value"] = wanted } };
            await rules.CreateRuleAsync(Probe, filter, Cancelled);
            await EachIsFoundAsync();
            await rules.DeleteRuleAsync(Probe, Cancelled);
        }

        var narrow = new CorrelationRuleFilter { ApplicationProperties = { ["value"] = 7 } };
        await rules.CreateRuleAsync(Probe, narrow, Cancelled);
        await emulator.KillAsync(Cancelled);
        await emulator.StartAsync(Cancelled);
        await EachIsFoundAsync();

        async Task EachIsFoundAsync()
        {
            foreach (var number in numbers)
            {
                Assert.Equal("same", await ReceivedAsync(Message(("value", number))));
            }

            Assert.Null(await ReceivedAsync(Message(("value", 7.5m))));
            Assert.Null(await ReceivedAsync(Message(("value", 1e300))));
            Assert.Null(await ReceivedAsync(Message(("value", double.NaN))));
        }
    }

    [Fact]
    public async Task An_action_computes_with_every_type()
    {
        var changed = await ChangedAsync(
            "SET total = price * 2; SET less = price - 0.49; SET most = large - 1; SET none = price / 0; SET rest = count % 0; SET over = large + 1; SET after = due; SET taken = span; SET at = where; SET who = id",
            Message(
                ("price", 19.99m),
                ("large", ulong.MaxValue),
                ("count", 7),
                ("due", new DateTimeOffset(Noon)),
                ("span", TimeSpan.FromMinutes(3)),
                ("where", new Uri("https://shop.example/")),
                ("id", Id)
            )
        );

        Assert.Equal(39.98m, changed.ApplicationProperties["total"]);
        Assert.Equal(19.5m, changed.ApplicationProperties["less"]);
        Assert.Equal(ulong.MaxValue - 1, changed.ApplicationProperties["most"]);
        Assert.Null(changed.ApplicationProperties["none"]);
        Assert.Null(changed.ApplicationProperties["rest"]);
        Assert.Null(changed.ApplicationProperties["over"]);
        Assert.Equal(new DateTimeOffset(Noon), changed.ApplicationProperties["after"]);
        Assert.Equal(TimeSpan.FromMinutes(3), changed.ApplicationProperties["taken"]);
        Assert.Equal(new Uri("https://shop.example/"), changed.ApplicationProperties["at"]);
        Assert.Equal(Id, changed.ApplicationProperties["who"]);
        // What the action does not name stays as it was.
        Assert.Equal(19.99m, changed.ApplicationProperties["price"]);
        Assert.Equal(new DateTimeOffset(Noon), changed.ApplicationProperties["due"]);
    }

    public static TheoryData<string, Func<ServiceBusReceivedMessage, string?>> SystemProperties() =>
        new()
        {
            { "ContentType", message => message.ContentType },
            { "CorrelationId", message => message.CorrelationId },
            { "Label", message => message.Subject },
            { "ReplyTo", message => message.ReplyTo },
            { "ReplyToSessionId", message => message.ReplyToSessionId },
            { "SessionId", message => message.SessionId },
            { "Subject", message => message.Subject },
            { "To", message => message.To },
        };

    [Theory]
    [MemberData(nameof(SystemProperties))]
    public async Task An_action_sets_and_removes_a_system_property(
        string name,
        Func<ServiceBusReceivedMessage, string?> property
    )
    {
        Assert.Equal("new", property(await ChangedAsync($"SET sys.{name} = 'new'", Full())));
        Assert.Equal("12.5", property(await ChangedAsync($"SET sys.{name} = 12.5", Full())));
        Assert.Equal("new", property(await ChangedAsync($"SET sys.{name} = 'new'", new ServiceBusMessage())));
        Assert.Null(property(await ChangedAsync($"REMOVE sys.{name}", Full())));
        Assert.Null(property(await ChangedAsync($"SET sys.{name} = NULL", Full())));
        Assert.Null(property(await ChangedAsync($"SET sys.{name} = 1 / 0", Full())));
        Assert.Null(property(await ChangedAsync($"REMOVE sys.{name}", new ServiceBusMessage())));
    }

    [Fact]
    public async Task What_an_action_does_not_name_stays()
    {
        var changed = await ChangedAsync("REMOVE sys.CorrelationId", Full());

        Assert.Equal(
            ("c", "l", "r", "rs", "s", "to", "id"),
            (
                changed.ContentType,
                changed.Subject,
                changed.ReplyTo,
                changed.ReplyToSessionId,
                changed.SessionId,
                changed.To,
                changed.MessageId
            )
        );
        Assert.Equal(TimeSpan.FromHours(1), changed.TimeToLive);
    }

    [Theory]
    [InlineData("SET sys.MessageId = 'x'", "sys.MessageId cannot be changed")]
    [InlineData("REMOVE sys.MessageId", "sys.MessageId cannot be changed")]
    [InlineData("REMOVE sys.ScheduledEnqueueTimeUtc", "sys.ScheduledEnqueueTimeUtc cannot be changed")]
    [InlineData("SET sys.ScheduledEnqueueTimeUtc = dueAt", "sys.ScheduledEnqueueTimeUtc cannot be changed")]
    [InlineData("SET sys.SequenceNumber = 1", "sys.SequenceNumber is not known")]
    [InlineData("REMOVE sys.EnqueuedTimeUtc", "sys.EnqueuedTimeUtc is not known")]
    public async Task What_an_action_cannot_change_is_refused_when_the_rule_is_made(string action, string reason)
    {
        await using var rules = client.CreateRuleManager(Topic, Subscription);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() =>
            rules.CreateRuleAsync(
                new CreateRuleOptions(Probe, new TrueRuleFilter()) { Action = new SqlRuleAction(action) },
                Cancelled
            )
        );

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains("ContentType, CorrelationId, Label, ", exception.Message, StringComparison.Ordinal);
    }

    private static ServiceBusMessage Full() =>
        new()
        {
            ContentType = "c",
            CorrelationId = "id of another",
            MessageId = "id",
            ReplyTo = "r",
            ReplyToSessionId = "rs",
            SessionId = "s",
            Subject = "l",
            TimeToLive = TimeSpan.FromHours(1),
            To = "to",
        };

    private static ServiceBusMessage Message(params (string Name, object Value)[] properties)
    {
        var message = new ServiceBusMessage("same");
        foreach (var (name, value) in properties)
        {
            message.ApplicationProperties[name] = value;
        }

        return message;
    }

    private Task LetsThroughAsync(object value, params string[] conditions) =>
        AreAsync(true, conditions, ("value", value));

    private Task LetsThroughAsync(object value, string condition, object other) =>
        AreAsync(true, [condition], ("value", value), ("same", value), ("other", other));

    private Task HoldsBackAsync(object value, params string[] conditions) =>
        AreAsync(false, conditions, ("value", value));

    private async Task AreAsync(bool expected, string[] conditions, params (string Name, object Value)[] properties)
    {
        foreach (var condition in conditions)
        {
            Assert.True(
                await PassesAsync(new SqlRuleFilter(condition), Message(properties)) == expected,
                $"{condition} with {properties[0].Value.GetType().Name} {properties[0].Value} is not {expected}."
            );
        }
    }

    private async Task<bool> PassesAsync(RuleFilter filter, ServiceBusMessage message)
    {
        await using var rules = client.CreateRuleManager(Topic, Subscription);
        await rules.CreateRuleAsync(Probe, filter, Cancelled);
        try
        {
            return await ReceivedAsync(message) is not null;
        }
        finally
        {
            await rules.DeleteRuleAsync(Probe, Cancelled);
        }
    }

    private async Task<ServiceBusReceivedMessage> ChangedAsync(string action, ServiceBusMessage message)
    {
        await using var rules = client.CreateRuleManager(Topic, Subscription);
        await rules.CreateRuleAsync(
            new CreateRuleOptions(Probe, new TrueRuleFilter()) { Action = new SqlRuleAction(action) },
            Cancelled
        );
        await using var sender = client.CreateSender(Topic);
        await sender.SendMessageAsync(message, Cancelled);
        await using var receiver = client.CreateReceiver(Topic, Subscription);
        var changed = await TakeAsync(receiver);
        await rules.DeleteRuleAsync(Probe, Cancelled);
        return changed;
    }

    /// <summary>The body of the message if a rule lets it through; what is sent behind it comes in any case.</summary>
    private async Task<string?> ReceivedAsync(ServiceBusMessage message)
    {
        await using var sender = client.CreateSender(Topic);
        await sender.SendMessageAsync(message, Cancelled);
        await sender.SendMessageAsync(new ServiceBusMessage { Subject = Marker }, Cancelled);
        await using var receiver = client.CreateReceiver(Topic, Subscription);
        string? body = null;
        while (await TakeAsync(receiver) is { Subject: not Marker } received)
        {
            body = received.Body.ToString();
        }

        return body;
    }

    private static async Task<ServiceBusReceivedMessage> TakeAsync(ServiceBusReceiver receiver)
    {
        var message = await ReceiveAsync(receiver);
        await receiver.CompleteMessageAsync(message, Cancelled);
        return message;
    }
}
