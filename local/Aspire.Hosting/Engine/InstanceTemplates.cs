namespace Aspire.Hosting;

/// <summary>What DCP replaces when it starts an instance.</summary>
internal static class InstanceTemplates
{
    public const string ServiceNameAnnotation = "otel-service-name";
    public const string ServiceInstanceIdAnnotation = "otel-service-instance-id";
    public const string ServiceName = "{{index .Annotations \"otel-service-name\"}}";
    public const string ServiceInstanceId = "{{index .Annotations \"otel-service-instance-id\"}}";

    /// <summary>The port on which the instance itself is to listen for a DCP service.</summary>
    public static string PortForServing(string serviceName) => $$$"""{{portForServing "{{{serviceName}}}"}}""";
}
