using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Xml;
using Azure.Messaging.ServiceBus;

[assembly: AssemblyFixture(typeof(Shop.Messaging.Tests.BusFixture))]

namespace Shop.Messaging.Tests;

/// <summary>A Service Bus emulator with a number of queues and topics, of which each test takes its own.</summary>
public sealed class BusFixture : IAsyncLifetime
{
    private const int Contexts = 48;

    public const int MaxDeliveryCount = 3;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("shop-messaging-tests-").FullName;
    private readonly int _maxDeliveryCount;
    private readonly TimeSpan _lockDuration;
    private Process? _emulator;
    private string _port = "0";
    private int _taken;

    public BusFixture()
        : this(MaxDeliveryCount) { }

    /// <summary>One that a test has for itself, and may kill.</summary>
    internal BusFixture(int maxDeliveryCount, TimeSpan? lockDuration = null)
    {
        _maxDeliveryCount = maxDeliveryCount;
        _lockDuration = lockDuration ?? TimeSpan.FromSeconds(30);
    }

    public string ConnectionString { get; private set; } = "";

    public ServiceBusClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(ConfigurationFile, Configuration());
        await StartAsync();
        ConnectionString =
            $"Endpoint=sb://127.0.0.1:{_port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true";
        Client = new ServiceBusClient(ConnectionString);
    }

    /// <summary>Starts it, for the first time or again on the same port and data.</summary>
    internal async Task StartAsync()
    {
        _emulator = StartEmulator();
        using var limit = new CancellationTokenSource(StartLimit);
        _port = await ReadPortAsync(_emulator, limit.Token);
    }

    /// <summary>Ends it as a crash would (<c>kill -9</c>).</summary>
    internal async Task KillAsync()
    {
        _emulator!.Kill();
        using var limit = new CancellationTokenSource(StartLimit);
        await _emulator.WaitForExitAsync(limit.Token);
        _emulator.Dispose();
    }

    /// <summary>A context nobody else uses: its queue, its topic, and the queue <c>other-N</c> that its events go to.</summary>
    public TestContextName TakeContext()
    {
        var number = Interlocked.Increment(ref _taken);
        return number <= Contexts
            ? new TestContextName(number)
            : throw new InvalidOperationException("More tests than contexts; raise their number.");
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (_emulator is { HasExited: false })
        {
            _emulator.Kill();
            using var limit = new CancellationTokenSource(StartLimit);
            await _emulator.WaitForExitAsync(limit.Token);
        }

        _emulator?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string ConfigurationFile => Path.Combine(_directory, "Config.json");

    private Process StartEmulator()
    {
        var program = typeof(BusFixture)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ServiceBusEmulator")
            .Value!;
        string[] arguments =
        [
            program,
            "--port",
            _port,
            "--config",
            ConfigurationFile,
            "--data",
            Path.Combine(_directory, "data"),
        ];
        return Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath is { } host && host.EndsWith("dotnet", StringComparison.Ordinal)
                    ? host
                    : "dotnet",
                arguments
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
    }

    private static async Task<string> ReadPortAsync(Process emulator, CancellationToken cancellationToken)
    {
        const string announcement = "listening on sb://127.0.0.1:";
        while (await emulator.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            var start = line.IndexOf(announcement, StringComparison.Ordinal);
            if (start >= 0)
            {
                return line[(start + announcement.Length)..].Split(',')[0];
            }
        }

        throw new InvalidOperationException("The Service Bus emulator ended before it listened.");
    }

    private string Configuration()
    {
        var contexts = Enumerable.Range(1, Contexts).Select(number => new TestContextName(number)).ToArray();
        var queue = new { MaxDeliveryCount = _maxDeliveryCount, LockDuration = XmlConvert.ToString(_lockDuration) };
        return JsonSerializer.Serialize(
            new
            {
                UserConfig = new
                {
                    Namespaces = new[]
                    {
                        new
                        {
                            Name = "tests",
                            Queues = contexts
                                .SelectMany(context => new[] { context.Queue, context.Other })
                                .Select(name => new { Name = name, Properties = queue }),
                            Topics = contexts.Select(context => new
                            {
                                Name = context.Topic,
                                Subscriptions = new[]
                                {
                                    new { Name = "other", Properties = new { ForwardTo = context.Other } },
                                },
                            }),
                        },
                    },
                },
            }
        );
    }
}

public sealed record TestContextName(int Number)
{
    public string Queue => $"context-{Number}";

    public string Other => $"other-{Number}";

    public string Topic => $"context-{Number}-events";
}
