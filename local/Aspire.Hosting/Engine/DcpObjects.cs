using System.Text.Json.Serialization;

namespace Aspire.Hosting.Engine;

internal sealed record DcpMetadata
{
    public required string Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Uid { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? Annotations { get; init; }
}

/// <summary>An object of DCP's Kubernetes-style API.</summary>
internal abstract record DcpObject
{
    public string ApiVersion { get; init; } = DcpClient.ApiVersion;

    public abstract string Kind { get; init; }

    public required DcpMetadata Metadata { get; init; }
}

/// <summary>A process.</summary>
internal sealed record DcpExecutable : DcpObject
{
    public const string Plural = "executables";

    public override string Kind { get; init; } = "Executable";

    public required DcpExecutableSpec Spec { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DcpExecutableStatus? Status { get; init; }
}

internal sealed record DcpExecutableSpec
{
    public required string ExecutablePath { get; init; }

    public string? WorkingDirectory { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<DcpVariable>? Env { get; init; }

    public string ExecutionType { get; init; } = "Process";
}

internal sealed record DcpVariable(string Name, string? Value);

internal sealed record DcpExecutableStatus
{
    public string? State { get; init; }

    public int? Pid { get; init; }

    public int? ExitCode { get; init; }

    public DateTime? StartupTimestamp { get; init; }

    public DateTime? FinishTimestamp { get; init; }

    public IReadOnlyList<DcpVariable>? EffectiveEnv { get; init; }

    public IReadOnlyList<string>? EffectiveArgs { get; init; }
}

/// <summary>The states of a DCP executable.</summary>
internal static class DcpState
{
    public const string FailedToStart = "FailedToStart";
    public const string Finished = "Finished";
    public const string Terminated = "Terminated";

    public static bool HasEnded(string? state) => state is FailedToStart or Finished or Terminated;
}

/// <summary>An address with a proxy behind which one or more processes listen.</summary>
internal sealed record DcpService : DcpObject
{
    public const string Plural = "services";

    public override string Kind { get; init; } = "Service";

    public required DcpServiceSpec Spec { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DcpServiceStatus? Status { get; init; }
}

internal sealed record DcpServiceSpec
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Port { get; init; }

    public string Protocol { get; init; } = "TCP";

    public string AddressAllocationMode { get; init; } = "Localhost";
}

internal sealed record DcpServiceStatus
{
    public string? EffectiveAddress { get; init; }

    public int? EffectivePort { get; init; }
}

/// <summary>Says that a process listens behind a service; an annotation of the process.</summary>
internal sealed record DcpServiceProducer
{
    public const string Annotation = "service-producer";

    public required string ServiceName { get; init; }

    public string Address { get; init; } = "localhost";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Port { get; init; }
}

internal sealed record DcpWatchEvent<T>(string Type, T Object);
