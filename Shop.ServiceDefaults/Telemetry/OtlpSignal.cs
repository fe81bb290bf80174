using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>Whether and where to one signal (<c>TRACES</c>, <c>METRICS</c>, <c>LOGS</c>) is exported over OTLP.</summary>
/// <remarks>
/// The SDK reads the variables that all signals share (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, protocol, headers, timeout). It reads
/// a signal's own ones, and exporters set to <c>none</c>, only in its own set-up for all three signals at once, so this class
/// does. Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/.
/// </remarks>
internal sealed class OtlpSignal
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    private readonly IConfiguration _configuration;
    private readonly string _signal;
    private readonly Uri? _endpoint;
    private readonly OtlpExportProtocol? _protocol;
    private readonly string? _headers;
    private readonly int? _timeout;

    /// <exception cref="SettingException">A variable has a value that can't be used.</exception>
    public OtlpSignal(IConfiguration configuration, string signal)
    {
        (_configuration, _signal) = (configuration, signal);
        IsExported = IsOn();
        _endpoint = Own("ENDPOINT", "an absolute http or https address", Address);
        _protocol = Own("PROTOCOL", "grpc or http/protobuf", Protocol);
        _headers = Own("HEADERS", "name=value", text => text);
        _timeout = Own<int?>("TIMEOUT", "milliseconds", Milliseconds);
    }

    /// <summary>Whether it is exported at all.</summary>
    public bool IsExported { get; }

    /// <summary>The signal's own variables take precedence.</summary>
    public void Configure(OtlpExporterOptions options)
    {
        options.Protocol = _protocol ?? options.Protocol;
        options.Headers = _headers ?? options.Headers;
        options.TimeoutMilliseconds = _timeout ?? options.TimeoutMilliseconds;
        if (_endpoint is not null)
        {
            // Used as it is; the SDK appends the signal's path only to the shared endpoint.
            options.Endpoint = _endpoint;
        }
    }

    private bool IsOn() =>
        Read($"OTEL_{_signal}_EXPORTER") switch
        {
            null or "otlp" => (Read($"{Prefix}ENDPOINT") ?? Read($"{Prefix}{_signal}_ENDPOINT")) is not null,
            "none" => false,
            _ => throw new SettingException($"set OTEL_{_signal}_EXPORTER to otlp or none, or leave it out."),
        };

    private T? Own<T>(string name, string expected, Func<string, T?> parse)
    {
        var variable = $"{Prefix}{_signal}_{name}";
        return Read(variable) is not { } text ? default
            : parse(text) is { } value ? value
            : throw new SettingException($"set {variable} to {expected}, or leave it out.");
    }

    private string? Read(string variable) =>
        string.IsNullOrWhiteSpace(_configuration[variable]) ? null : _configuration[variable];

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    private static OtlpExportProtocol? Protocol(string text) =>
        text switch
        {
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => null,
        };

    private static int? Milliseconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
