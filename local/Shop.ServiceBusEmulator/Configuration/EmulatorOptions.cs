using System.Globalization;
using System.Net;
using Shop.ServiceBusEmulator.Amqp;

namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>A command line that cannot be used.</summary>
internal sealed class OptionsException(string message) : Exception(message);

/// <summary>The command line. Port 0 means any free port. Without an address it is both loopback addresses.</summary>
internal sealed record EmulatorOptions(
    IPAddress Bind,
    IPAddress? SecondBind,
    int Port,
    int? AdminPort,
    string ConfigurationFile,
    string DataDirectory,
    SharedAccessKey Key
)
{
    public const string Usage =
        "--port N --config FILE --data DIR [--bind ADDRESS] [--key SECRET] [--admin-port N]; port 0 takes a free one";

    // The well-known values of Microsoft's emulator: no secret, and the same in everybody's connection string.
    private const string DefaultKeyName = "RootManageSharedAccessKey";
    private const string DefaultKey = "SAS_KEY_VALUE";

    /// <exception cref="OptionsException">An option is missing, unknown or wrong.</exception>
    public static EmulatorOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = Read(arguments);
        var bind = AddressOption(options, "bind");
        return new(
            bind ?? IPAddress.Loopback,
            bind is null ? IPAddress.IPv6Loopback : null,
            PortOption(options, "port") ?? 5672,
            PortOption(options, "admin-port"),
            options.GetValueOrDefault("config") ?? throw new OptionsException($"--config is missing. Options: {Usage}"),
            options.GetValueOrDefault("data") ?? throw new OptionsException($"--data is missing. Options: {Usage}"),
            new SharedAccessKey(DefaultKeyName, options.GetValueOrDefault("key") ?? DefaultKey)
        );
    }

    private static Dictionary<string, string> Read(IReadOnlyList<string> arguments)
    {
        string[] known = ["port", "admin-port", "bind", "config", "data", "key"];
        Dictionary<string, string> options = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            var parts = arguments[i].Split('=', 2);
            var name = parts[0].StartsWith("--", StringComparison.Ordinal) ? parts[0][2..] : "";
            if (!known.Contains(name))
            {
                throw new OptionsException($"'{arguments[i]}' is not known. Options: {Usage}");
            }

            options[name] =
                parts.Length == 2 ? parts[1]
                : ++i < arguments.Count ? arguments[i]
                : throw new OptionsException($"--{name} needs a value. Options: {Usage}");
        }

        return options;
    }

    private static IPAddress? AddressOption(Dictionary<string, string> options, string name) =>
        !options.TryGetValue(name, out var text) ? null
        : IPAddress.TryParse(text, out var address) ? address
        : throw new OptionsException($"--{name} must be an IP address such as 0.0.0.0, not '{text}'.");

    private static int? PortOption(Dictionary<string, string> options, string name) =>
        !options.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port
        : throw new OptionsException($"--{name} must be a port from 0 to 65535, not '{text}'.");
}
