namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>A configuration file that cannot be used: the message says where and why.</summary>
internal sealed class ConfigurationFileException(string file, int line, string reason)
    : Exception($"{file}({line}): {reason}");
