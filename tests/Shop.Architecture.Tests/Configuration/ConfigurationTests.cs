using System.Text.RegularExpressions;

namespace Shop.Architecture.Tests.Configuration;

public sealed partial class ConfigurationTests
{
    private const string Page = "docs/configuration.md";

    /// <summary>
    /// The files that read a setting other than through an options class, and what each reads: before the services are there,
    /// or for a library. All of it must be on the page.
    /// </summary>
    private static readonly Dictionary<string, string[]> DirectReads = new()
    {
        ["Shop.ServiceDefaults/Configuration/SettingsSection.cs"] = ["", "", ""], // checks any section
        ["Shop.ServiceDefaults/Configuration/SettingsExtensions.cs"] = ["", ""],
        ["Shop.ServiceDefaults/Configuration/ConnectionStringSetting.cs"] = ["ConnectionStrings:"],
        ["Shop.ServiceDefaults/Telemetry/TelemetrySetup.cs"] = ["OTEL_SERVICE_NAME", "OTEL_TRACES_SAMPLER"],
        ["Shop.ServiceDefaults/Telemetry/OtlpSignal.cs"] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_{SIGNAL}_EXPORTER"],
        ["Shop.ServiceDefaults/Telemetry/AzureMonitor.cs"] =
        [
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
        ],
        ["Shop.ServiceDefaults/Health/HealthCheckVerb.cs"] = ["ASPNETCORE_URLS"],
        ["Shop.AppHost/Infrastructure/Azure/PublicAddress.cs"] = ["Shop:PublicAddress"],
        ["Shop.ServiceDefaults/Telemetry/JsonLogs.cs"] = ["OTEL_SERVICE_NAME"],
        ["Shop.ServiceDefaults/Data/ModuleDatabaseExtensions.cs"] =
        [
            "ConnectionStrings:",
            "ConnectionStrings:",
            "ConnectionStrings:",
        ],
        ["Shop.Messaging/MessagingExtensions.cs"] = ["Messaging:Transport"],
        ["Shop.Gateway/RateLimiting/CacheConnection.cs"] = ["ConnectionStrings:cache"],
        ["services/Shop.Catalog/Caching/CacheConnection.cs"] = ["ConnectionStrings:cache"],
        ["services/Shop.Notifications/NotificationsModule.cs"] = ["ConnectionStrings:mail", "ConnectionStrings:mail"],
        // The monolith gives its modules what an AppHost would.
        ["services/Shop.Monolith/Addresses.cs"] =
        [
            "urls",
            "urls",
            "urls",
            "urls",
            "urls",
            "services:{name}:",
            "services:{name}:",
        ],
        ["services/Shop.Monolith/EmbeddedDatabases.cs"] =
        [
            "ConnectionStrings:",
            "Shop:DataDirectory",
            "Shop:Fresh",
            "ConnectionStrings:",
        ],
        ["services/Shop.Monolith/MonolithHost.cs"] = ["Messaging:Transport", "Migrate:AtStart", "Identity:Issuer"],
        ["Shop.AppHost/Infrastructure/ShopInfrastructure.cs"] = ["Shop:Infrastructure"],
        ["Shop.AppHost/Infrastructure/Processes/ProcessesExtensions.cs"] = ["Shop:DataDirectory", "Shop:Fresh"],
        ["Shop.AppHost/Infrastructure/Containers.cs"] = ["Shop:Fresh"],
        ["Shop.AppHost/Infrastructure/ServiceExtensions.cs"] = ["Shop:GatewayPort"],
        ["Shop.AppHost/Infrastructure/StartupReport.cs"] = ["ASPNETCORE_URLS"],
        ["Shop.AppHost/Infrastructure/Ports.cs"] = [""], // Aspire's own, for tests
    };

    [Fact]
    public void The_page_says_what_the_options_classes_say()
    {
        var path = Path.Combine(Repository.Root, Page);
        if (Environment.GetEnvironmentVariable("SHOP_WRITE_DOCS") == "true")
            File.WriteAllText(path, ConfigurationPage.Text);

        Assert.True(
            File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == ConfigurationPage.Text,
            $"{Page} is not what the options classes say. Write it again: {ConfigurationPage.Command}"
        );
    }

    [Fact]
    public void Settings_are_read_through_options_classes_and_elsewhere_only_as_listed()
    {
        var found = Repository
            .ProductionSources()
            .Select(source => (source.Path, Count: Read().Count(source.Text)))
            .Where(source => source.Count > 0)
            .Select(source => $"{source.Path}: {source.Count}");

        var listed = DirectReads.Select(file => $"{file.Key}: {file.Value.Length}");
        var problems = found.Except(listed).Order(StringComparer.Ordinal).ToList();
        Assert.True(
            problems.Count == 0,
            "Direct reads of configuration that are not listed: "
                + string.Join(", ", problems)
                + ". Use an options class (AddSettings), or list them in DirectReads and on the page."
        );
        Assert.Empty(listed.Except(found));
    }

    [Fact]
    public void What_is_read_directly_is_on_the_page_too() =>
        Assert.All(DirectReads.Values.SelectMany(keys => keys), key => Assert.Contains(key, ConfigurationPage.Text));

    [Fact]
    public void Every_setting_says_what_it_means() =>
        Assert.All(
            DeclaredSettings.All,
            setting => Assert.True(setting.Meaning.Length > 0, $"{setting.Key} has no <summary>.")
        );

    [Fact]
    public void No_secret_has_a_default()
    {
        Assert.Contains(DeclaredSettings.All, setting => setting.Key == "Identity:KeyEncryptionKey");
        Assert.All(
            DeclaredSettings.All.Where(setting => setting.IsSecret),
            setting => Assert.StartsWith("none", setting.Default, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_is_named_like_a_secret_is_one() =>
        Assert.All(
            DeclaredSettings.All.Where(setting => SecretName().IsMatch(setting.Property?.Name ?? "")),
            setting => Assert.True(setting.IsSecret, $"{setting.Key} needs [Secret].")
        );

    [GeneratedRegex(
        @"[cC]onfiguration\s*(\[|\.GetValue|\.GetSection\()|\.GetConnectionString\(|\bsection\s*(\[|\.GetValue|\.GetSection\()|\.GetChildren\(|GetEnvironmentVariable\(|\.GetRequiredSection\(|\.Bind\(|\.BindConfiguration\("
    )]
    private static partial Regex Read();

    [GeneratedRegex("(Secret|Password|Key|Token|Pin)$")]
    private static partial Regex SecretName();
}
