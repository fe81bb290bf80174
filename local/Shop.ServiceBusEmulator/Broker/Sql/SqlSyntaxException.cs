namespace Shop.ServiceBusEmulator.Broker.Sql;

/// <summary>An expression that is not understood; the message says what and where.</summary>
internal sealed class SqlSyntaxException(string reason, int position)
    : Exception($"{reason} at character {position + 1} of the expression");
