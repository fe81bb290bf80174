using System.Reflection;

namespace Shop.Bench.Brokers;

/// <summary>The emulator of this repository.</summary>
internal sealed class EmulatorBroker : BrokerProcess
{
    private const string Configuration = """
        { "UserConfig": { "Namespaces": [ { "Name": "sbemulatorns", "Queues": [ { "Name": "bench", "Properties": { "LockDuration": "PT5M" } } ] } ] } }
        """;

    public override string Name => "emulator";

    public override string Queue => "bench";

    /// <summary>What it said of its recovery when it was last started.</summary>
    public string? Recovery { get; private set; }

    protected override string User => "RootManageSharedAccessKey";

    protected override string Password => "SAS_KEY_VALUE";

    protected override async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var configuration = Path.Combine(Folder, "Config.json");
        await File.WriteAllTextAsync(configuration, Configuration, cancellationToken);
        Launch("dotnet", [Program, "--port", $"{Port}", "--config", configuration, "--data", Folder]);
    }

    protected override void OnOutput(string line)
    {
        if (line.Contains("recovered", StringComparison.OrdinalIgnoreCase))
            Recovery = line.Trim();
    }

    // Built with the bench, in the same configuration.
    private static string Program
    {
        get
        {
            var known = typeof(EmulatorBroker)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .ToDictionary(attribute => attribute.Key, attribute => attribute.Value);
            return Path.Combine(
                known["ShopRoot"]!,
                "local",
                "Shop.ServiceBusEmulator",
                "bin",
                known["Configuration"]!,
                "net10.0",
                "Shop.ServiceBusEmulator.dll"
            );
        }
    }
}
