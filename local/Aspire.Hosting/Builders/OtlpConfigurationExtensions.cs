using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>How telemetry is sent.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC.</summary>
    Grpc = 0,

    /// <summary>Protocol buffers over HTTP.</summary>
    HttpProtobuf = 1,

    /// <summary>JSON over HTTP.</summary>
    HttpJson = 2,
}

/// <summary>Tells resources where to send their telemetry.</summary>
public static class OtlpConfigurationExtensions
{
    private const string GrpcEndpointKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private const string HttpEndpointKey = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";

    /// <summary>Makes the resource send its telemetry to the dashboard.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        AddOtlpEnvironment(
            builder.Resource,
            builder.ApplicationBuilder.Configuration,
            builder.ApplicationBuilder.Environment
        );
        return builder;
    }

    /// <summary>Makes the resource send its telemetry to the dashboard.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="protocol">How it is sent.</param>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol protocol)
        where T : IResourceWithEnvironment
    {
        AddOtlpEnvironment(
            builder.Resource,
            builder.ApplicationBuilder.Configuration,
            builder.ApplicationBuilder.Environment,
            protocol
        );
        return builder;
    }

    /// <summary>Makes a resource send its telemetry to the dashboard.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="configuration">The application's configuration.</param>
    /// <param name="environment">The application's environment.</param>
    public static void AddOtlpEnvironment(
        IResource resource,
        IConfiguration configuration,
        IHostEnvironment environment
    ) => Add(resource, configuration, environment, null);

    /// <summary>Makes a resource send its telemetry to the dashboard.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="configuration">The application's configuration.</param>
    /// <param name="environment">The application's environment.</param>
    /// <param name="protocol">How it is sent.</param>
    public static void AddOtlpEnvironment(
        IResource resource,
        IConfiguration configuration,
        IHostEnvironment environment,
        OtlpProtocol protocol
    ) => Add(resource, configuration, environment, protocol);

    private static void Add(
        IResource resource,
        IConfiguration configuration,
        IHostEnvironment environment,
        OtlpProtocol? protocol
    )
    {
        resource.Annotations.Add(new OtlpExporterAnnotation { RequiredProtocol = protocol });
        resource.Annotations.Add(
            new EnvironmentCallbackAnnotation(
                (EnvironmentCallbackContext context) =>
                    Set(context.EnvironmentVariables, configuration, environment, protocol)
            )
        );
    }

    private static void Set(
        Dictionary<string, object> variables,
        IConfiguration configuration,
        IHostEnvironment environment,
        OtlpProtocol? protocol
    )
    {
        // The engine replaces these with the name and the suffix of the instance.
        variables["OTEL_SERVICE_NAME"] = InstanceTemplates.ServiceName;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={InstanceTemplates.ServiceInstanceId}";

        if (EndpointOf(configuration, protocol) is not var (url, name))
        {
            return;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = url;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = name;
        if (configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (environment.IsDevelopment())
        {
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }
    }

    private static (string Url, string Protocol)? EndpointOf(IConfiguration configuration, OtlpProtocol? protocol)
    {
        var grpc = configuration[GrpcEndpointKey];
        var http = configuration[HttpEndpointKey];
        return (protocol, grpc, http) switch
        {
            (OtlpProtocol.HttpProtobuf, _, { Length: > 0 }) => (http, "http/protobuf"),
            (OtlpProtocol.HttpJson, _, { Length: > 0 }) => (http, "http/json"),
            (_, { Length: > 0 }, _) => (grpc, "grpc"),
            (_, _, { Length: > 0 }) => (http, "http/protobuf"),
            _ => null,
        };
    }
}
