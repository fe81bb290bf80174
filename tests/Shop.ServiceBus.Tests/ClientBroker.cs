using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

/// <summary>
/// An emulator in a process of its own with the entities that a test class names; it can be killed and started again on
/// the same port and data.
/// </summary>
public sealed class ClientBroker : IAsyncDisposable
{
    private const string Key = "SAS_KEY_VALUE";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("shop-client-").FullName;
    private Process? _process;
    private int _port;

    private ClientBroker() { }

    public string ConnectionString => ConnectionStringWith(Key);

    public static async Task<ClientBroker> StartAsync(
        string[] queues,
        string lockDuration = "PT1M",
        int maxDeliveryCount = 10,
        bool sessions = false
    )
    {
        var broker = new ClientBroker();
        var definitions = queues
            .Select(name => new
            {
                Name = name,
                Properties = new
                {
                    LockDuration = lockDuration,
                    MaxDeliveryCount = maxDeliveryCount,
                    RequiresSession = sessions,
                },
            })
            .ToArray();
        await File.WriteAllTextAsync(
            broker.ConfigurationFile,
            JsonSerializer.Serialize(
                new
                {
                    UserConfig = new
                    {
                        Namespaces = new[]
                        {
                            new
                            {
                                Name = "sbemulatorns",
                                Queues = definitions,
                                Topics = new[]
                                {
                                    new
                                    {
                                        Name = "events",
                                        Properties = new { },
                                        Subscriptions = new[] { new { Name = "all", Properties = new { } } },
                                    },
                                },
                            },
                        },
                    },
                }
            )
        );
        await broker.StartAsync();
        return broker;
    }

    /// <summary>A client that gives up soon where a test expects an error.</summary>
    public ServiceBusClient CreateClient(int maxRetries = 3, double tryTimeout = 20, string? key = null) =>
        new(
            ConnectionStringWith(key ?? Key),
            new ServiceBusClientOptions
            {
                RetryOptions = new ServiceBusRetryOptions
                {
                    MaxRetries = maxRetries,
                    Delay = TimeSpan.FromMilliseconds(200),
                    MaxDelay = TimeSpan.FromSeconds(1),
                    TryTimeout = TimeSpan.FromSeconds(tryTimeout),
                },
            }
        );

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet"
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Shop.ServiceBusEmulator.dll"),
            "--port",
            _port.ToString(CultureInfo.InvariantCulture),
            "--config",
            ConfigurationFile,
            "--data",
            Path.Combine(_directory, "data"),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = Process.Start(start)!;
        var errors = _process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(StartTimeout);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.IndexOf("sb://127.0.0.1:", StringComparison.Ordinal) is var at and >= 0)
            {
                var port = new string([.. line[(at + "sb://127.0.0.1:".Length)..].TakeWhile(char.IsAsciiDigit)]);
                _port = int.Parse(port, CultureInfo.InvariantCulture);
                _process.OutputDataReceived += (_, _) => { };
                return;
            }
        }

        throw new InvalidOperationException($"The emulator did not start: {await errors}");
    }

    /// <summary>Ends the process as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private string ConfigurationFile => Path.Combine(_directory, "Config.json");

    private string ConnectionStringWith(string key) =>
        $"Endpoint=sb://127.0.0.1:{_port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey={key};UseDevelopmentEmulator=true";
}
