namespace Shop.ServiceBus.Tests;

/// <summary>
/// One emulator for a class of tests. Its entities: the queues <c>orders</c> (3 deliveries), <c>brief</c> (locks of 3 s),
/// <c>inbox</c>, <c>expiring</c> (messages live 1 s and become dead letters), <c>relay</c> (forwards to inbox), <c>failing</c> (1 delivery, dead letters go to inbox) and <c>queue-1</c>
/// to <c>queue-20</c> for tests that want one of their own; <c>sessions-1</c> to <c>sessions-12</c> with sessions (locks of
/// 1 minute, 3 deliveries) and <c>sessions-brief</c> (locks of 2 s); <c>once-1</c> to <c>once-3</c> and the topic <c>once</c>
/// (subscription <c>all</c>), which drop duplicates; the topic <c>ruled</c> with
/// subscriptions whose rules tests change; the topic <c>ordered</c> with the subscription
/// <c>sessions</c>; the topic <c>events</c> with the subscriptions <c>all</c>,
/// <c>urgent</c> (a SQL filter with an action), <c>created</c> (subject <c>shop.created</c>, forwarded to inbox) and <c>red</c> (property colour=red, priority=1).
/// </summary>
public sealed class EmulatorFixture : IAsyncLifetime
{
    private EmulatorProcess? emulator;

    public static string Configuration { get; } =
        $$"""
            {
              "UserConfig": {
                "Namespaces": [
                  {
                    "Name": "sbemulatorns",
                    "Queues": [
                      { "Name": "orders", "Properties": { "MaxDeliveryCount": 3 } },
                      { "Name": "brief", "Properties": { "LockDuration": "PT3S" } },
                      { "Name": "inbox" },
                      {
                        "Name": "expiring",
                        "Properties": { "DefaultMessageTimeToLive": "PT1S", "DeadLetteringOnMessageExpiration": true }
                      },
                      { "Name": "relay", "Properties": { "ForwardTo": "inbox" } },
                      {
                        "Name": "failing",
                        "Properties": { "MaxDeliveryCount": 1, "ForwardDeadLetteredMessagesTo": "inbox" }
                      },
                      {{string.Join(
                ", ",
                Enumerable.Range(1, 20).Select(number => $$"""{ "Name": "queue-{{number}}" }""")
            )}},
                      {{string.Join(
                ", ",
                Enumerable
                    .Range(1, 12)
                    .Select(number =>
                        $$"""{ "Name": "sessions-{{number}}", "Properties": { "RequiresSession": true, "MaxDeliveryCount": 3 } }"""
                    )
            )}},
                      {{string.Join(
                ", ",
                Enumerable
                    .Range(1, 3)
                    .Select(number =>
                        $$"""{ "Name": "once-{{number}}", "Properties": { "RequiresDuplicateDetection": true } }"""
                    )
            )}},
                      { "Name": "sessions-brief", "Properties": { "RequiresSession": true, "LockDuration": "PT2S" } }
                    ],
                    "Topics": [
                      {
                        "Name": "ruled",
                        "Subscriptions": [
                          { "Name": "new" },
                          { "Name": "paged" },
                          { "Name": "wrong" },
                          { "Name": "typed" },
                          { "Name": "removing" }
                        ]
                      },
                      {
                        "Name": "once",
                        "Properties": { "RequiresDuplicateDetection": true },
                        "Subscriptions": [ { "Name": "all" } ]
                      },
                      {
                        "Name": "ordered",
                        "Subscriptions": [ { "Name": "sessions", "Properties": { "RequiresSession": true } } ]
                      },
                      {
                        "Name": "events",
                        "Subscriptions": [
                          { "Name": "all" },
                          {
                            "Name": "created",
                            "Properties": { "ForwardTo": "inbox" },
                            "Rules": [
                              {
                                "Name": "created",
                                "Properties": {
                                  "FilterType": "Correlation",
                                  "CorrelationFilter": { "Label": "shop.created" }
                                }
                              }
                            ]
                          },
                          {
                            "Name": "urgent",
                            "Rules": [
                              {
                                "Name": "urgent",
                                "Properties": {
                                  "FilterType": "Sql",
                                  "SqlFilter": {
                                    "SqlExpression": "sys.Label LIKE 'sql.%' AND (amount * 2 > 100 OR region IN ('north', 'south')) AND EXISTS(region) AND note IS NULL"
                                  },
                                  "Action": { "SqlExpression": "SET tier = 'gold'; SET sys.Label = 'sql.urgent'; REMOVE secret" }
                                }
                              }
                            ]
                          },
                          {
                            "Name": "red",
                            "Rules": [
                              {
                                "Name": "red",
                                "Properties": {
                                  "FilterType": "Correlation",
                                  "CorrelationFilter": { "Properties": { "colour": "red", "priority": 1 } }
                                }
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

    public EmulatorProcess Emulator =>
        emulator ?? throw new InvalidOperationException("The emulator has not been started.");

    public string ConnectionString => Emulator.ConnectionString;

    public async ValueTask InitializeAsync() =>
        emulator = await EmulatorProcess.StartAsync(Configuration, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (emulator is not null)
        {
            await emulator.DisposeAsync();
        }
    }
}
