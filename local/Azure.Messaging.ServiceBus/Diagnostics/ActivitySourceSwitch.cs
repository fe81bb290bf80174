namespace Azure.Messaging.ServiceBus.Diagnostics;

/// <summary>The Azure SDK's switch for its activity sources, which it counts as experimental.</summary>
internal static class ActivitySourceSwitch
{
    public static bool IsOn =>
        AppContext.TryGetSwitch("Azure.Experimental.EnableActivitySource", out var enabled)
            ? enabled
            : Environment.GetEnvironmentVariable("AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE") is { } variable
                && (variable == "1" || variable.Equals("true", StringComparison.OrdinalIgnoreCase));
}
