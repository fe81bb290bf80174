using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where the dashboard listens and which keys open it, under the names that Aspire gives them.</summary>
internal sealed record DashboardSettings
{
    /// <summary>The resource's name.</summary>
    public const string ResourceName = "aspire-dashboard";

    private const string Urls = "ASPNETCORE_URLS";
    private const string OtlpGrpc = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private const string OtlpHttp = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    private const string ResourceService = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";
    private const string Anonymous = "DASHBOARD_UNSECURED_ALLOW_ANONYMOUS";
    private const string BrowserTokenKey = "AppHost:BrowserToken";
    private const string OtlpApiKeyKey = "AppHost:OtlpApiKey";
    private const string ResourceServiceKeyKey = "AppHost:ResourceService:ApiKey";

    /// <summary>The addresses of its pages.</summary>
    public required IReadOnlyList<Uri> Pages { get; init; }

    /// <summary>Where it takes telemetry over gRPC.</summary>
    public required Uri Otlp { get; init; }

    /// <summary>Where it takes telemetry over HTTP; null when it does not.</summary>
    public required Uri? OtlpOverHttp { get; init; }

    /// <summary>Where it reads the resources; a port of 0 is chosen when listening begins.</summary>
    public required Uri Resources { get; init; }

    /// <summary>Lets a browser in; null when everybody is let in.</summary>
    public required string? BrowserToken { get; init; }

    /// <summary>Goes with telemetry; null when everybody may send it.</summary>
    public required string? OtlpApiKey { get; init; }

    /// <summary>Lets the dashboard read the resources.</summary>
    public required string ResourceServiceApiKey { get; init; }

    /// <summary>Completes the configuration, so that those who hand out addresses and keys find them there.</summary>
    public static void AddDefaults(IConfigurationManager configuration)
    {
        var secured = !IsAnonymous(configuration);
        var added = new Dictionary<string, string?>
        {
            [Urls] = WithPorts(Value(configuration, Urls) ?? "http://localhost:18888"),
            [OtlpGrpc] = WithPorts(
                Value(configuration, OtlpGrpc)
                    ?? Value(configuration, "DOTNET_DASHBOARD_OTLP_ENDPOINT_URL")
                    ?? "http://localhost:18889"
            ),
            [ResourceServiceKeyKey] = Value(configuration, ResourceServiceKeyKey) ?? NewKey(),
        };
        if (secured)
        {
            added[OtlpApiKeyKey] = Value(configuration, OtlpApiKeyKey) ?? NewKey();
            added[BrowserTokenKey] =
                Value(configuration, "ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN")
                ?? Value(configuration, "DOTNET_DASHBOARD_FRONTEND_BROWSERTOKEN")
                ?? Value(configuration, BrowserTokenKey)
                ?? NewKey();
        }

        configuration.AddInMemoryCollection(added);
    }

    /// <summary>Reads the completed configuration.</summary>
    /// <exception cref="DistributedApplicationException">An address is none.</exception>
    public static DashboardSettings Read(IConfiguration configuration) =>
        new()
        {
            Pages = [.. Split(configuration[Urls] ?? "").Select(address => LocalAddress.Parse(Urls, address))],
            Otlp = LocalAddress.Parse(OtlpGrpc, configuration[OtlpGrpc] ?? ""),
            OtlpOverHttp = Value(configuration, OtlpHttp) is { } http ? LocalAddress.Parse(OtlpHttp, http) : null,
            Resources = LocalAddress.Parse(
                ResourceService,
                Value(configuration, ResourceService) ?? "http://127.0.0.1:0"
            ),
            BrowserToken = IsAnonymous(configuration) ? null : configuration[BrowserTokenKey],
            OtlpApiKey = IsAnonymous(configuration) ? null : configuration[OtlpApiKeyKey],
            ResourceServiceApiKey = configuration[ResourceServiceKeyKey]!,
        };

    /// <summary>The configuration of the dashboard's process.</summary>
    /// <param name="resources">Where it reads the resources.</param>
    public IEnumerable<KeyValuePair<string, string>> Environment(Uri resources)
    {
        yield return new("ASPNETCORE_ENVIRONMENT", "Production");
        yield return new(Urls, string.Join(';', Pages.Select(LocalAddress.Text)));
        yield return new(OtlpGrpc, LocalAddress.Text(Otlp));
        if (OtlpOverHttp is not null)
        {
            yield return new(OtlpHttp, LocalAddress.Text(OtlpOverHttp));
        }

        yield return new(ResourceService, LocalAddress.Text(resources));
        yield return new("DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE", "ApiKey");
        yield return new("DASHBOARD__RESOURCESERVICECLIENT__APIKEY", ResourceServiceApiKey);
        yield return new("DASHBOARD__FRONTEND__AUTHMODE", BrowserToken is null ? "Unsecured" : "BrowserToken");
        yield return new("DASHBOARD__OTLP__AUTHMODE", OtlpApiKey is null ? "Unsecured" : "ApiKey");
        if (BrowserToken is not null)
        {
            yield return new("DASHBOARD__FRONTEND__BROWSERTOKEN", BrowserToken);
        }

        if (OtlpApiKey is not null)
        {
            yield return new("DASHBOARD__OTLP__PRIMARYAPIKEY", OtlpApiKey);
        }

        yield return new("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true");
        yield return new("ASPIRE_DASHBOARD_TELEMETRY_OPTOUT", "true");
        yield return new("DASHBOARD__DEBUGSESSION__TELEMETRYOPTOUT", "true");
    }

    private static bool IsAnonymous(IConfiguration configuration) =>
        bool.TryParse(
            Value(configuration, $"ASPIRE_{Anonymous}") ?? Value(configuration, $"DOTNET_{Anonymous}"),
            out var anonymous
        ) && anonymous;

    private static string? Value(IConfiguration configuration, string key) =>
        configuration[key] is { Length: > 0 } value ? value : null;

    private static string[] Split(string addresses) =>
        addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string WithPorts(string addresses) =>
        string.Join(';', Split(addresses).Select(LocalAddress.WithPort));

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
