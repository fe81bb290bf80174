namespace Shop.Bench.Brokers;

/// <summary>RabbitMQ 3.10 as Debian has it, with its AMQP 1.0 plugin and one durable queue.</summary>
internal sealed class RabbitMqBroker : BrokerProcess
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    public override string Name => "RabbitMQ";

    public override string? Missing =>
        File.Exists(Server) ? null : "RabbitMQ is not installed (Debian: rabbitmq-server); it is left out.";

    public override string Queue => "/amq/queue/bench";

    protected override string User => "bench";

    protected override string Password => "bench";

    protected override async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var (registry, distribution) = (EmbeddedPostgres.FreePort.Next(), EmbeddedPostgres.FreePort.Next());
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = Folder, // the cookie of its cluster
            ["ERL_EPMD_PORT"] = $"{registry}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = "bench@localhost",
            ["RABBITMQ_DIST_PORT"] = $"{distribution}",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{Port}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(Folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(Folder, "log"),
            ["RABBITMQ_CONFIG_FILE"] = await WriteAsync(
                "rabbitmq.conf",
                $"load_definitions = {Folder}/definitions.json\n",
                cancellationToken
            ),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = await WriteAsync(
                "enabled_plugins",
                "[rabbitmq_amqp1_0].\n",
                cancellationToken
            ),
        };
        await WriteAsync("definitions.json", Definitions, cancellationToken);
        // The name server would outlive the node if the node started it.
        Launch("epmd", ["-address", "127.0.0.1", "-port", $"{registry}"], environment);
        Launch(Server, [], environment);
    }

    private const string Definitions = """
        {
          "vhosts": [ { "name": "/" } ],
          "users": [ { "name": "bench", "password": "bench", "tags": "administrator" } ],
          "permissions": [ { "user": "bench", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" } ],
          "queues": [ { "name": "bench", "vhost": "/", "durable": true, "auto_delete": false, "arguments": {} } ]
        }
        """;

    private async Task<string> WriteAsync(string name, string text, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Folder, name);
        await File.WriteAllTextAsync(file, text, cancellationToken);
        return file;
    }
}
