using System.Globalization;
using System.Text;
using Azure.Messaging.ServiceBus;
using k8s.Models;
using Npgsql;
using Shop.AppHost.Infrastructure.Processes;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>The servers that the local overlay brings along.</summary>
public sealed class LocalTests(PublishedManifest manifest)
{
    private const string WriteSetting = "SHOP_WRITE_FILES";

    private static string Infrastructure(string file) =>
        Repository.PathOf("deploy", "k8s", "overlays", "local", "infrastructure", file);

    [Fact]
    public async Task The_emulator_has_the_topology_of_the_AppHost()
    {
        var expected = EmulatorConfiguration.Write() + "\n";
        if (Environment.GetEnvironmentVariable(WriteSetting) == "1")
            await File.WriteAllTextAsync(
                Infrastructure("Config.json"),
                expected,
                TestContext.Current.CancellationToken
            );

        var actual = await File.ReadAllTextAsync(Infrastructure("Config.json"), TestContext.Current.CancellationToken);

        Assert.True(
            expected == actual,
            $"Config.json of the local overlay is not the AppHost's topology: run 'dotnet test' once with {WriteSetting}=1."
        );
    }

    [Fact]
    public async Task The_connection_strings_lead_to_the_servers()
    {
        var overlay = await Overlay.RenderAsync(Overlay.Local);
        foreach (var connection in AppHostService.In(manifest).SelectMany(service => service.Connections).Distinct())
        {
            var value = Encoding.UTF8.GetString(Secret(overlay, connection).Data["connection-string"]);
            var (server, port) = Address(connection, value);
            Assert.Contains(overlay.Get<V1Service>(server).Spec.Ports, one => one.Port == port);
        }
    }

    [Fact]
    public async Task A_service_logs_in_to_a_database_that_is_created()
    {
        var overlay = await Overlay.RenderAsync(Overlay.Local);
        var script = Assert.Single(
            overlay.All<V1ConfigMap>(),
            map => map.Name().StartsWith("postgres-", StringComparison.Ordinal)
        );
        var created = script
            .Data["create-databases.sh"]
            .Split('\n')
            .Single(line => line.StartsWith("for name in ", StringComparison.Ordinal))["for name in ".Length..]
            .Split(';')[0]
            .Split(' ');
        var password = Encoding.UTF8.GetString(Secret(overlay, "postgres").Data["password"]);
        var databases = AppHostService
            .In(manifest)
            .Where(service => service.HasDatabase)
            .Select(service => $"{service.Name}db");

        Assert.Equal(databases.Order(), created.Order());
        Assert.All(
            databases,
            database =>
            {
                var login = new NpgsqlConnectionStringBuilder(
                    Encoding.UTF8.GetString(Secret(overlay, database).Data["connection-string"])
                );
                Assert.Equal((database, database, password), (login.Database, login.Username, login.Password));
            }
        );
    }

    [Fact]
    public async Task One_replica_of_each_and_nothing_that_needs_more_than_a_bare_cluster()
    {
        var overlay = await Overlay.RenderAsync(Overlay.Local);

        Assert.All(overlay.All<V1Deployment>(), deployment => Assert.Equal(1, deployment.Spec.Replicas));
        Assert.Empty(overlay.All<V2HorizontalPodAutoscaler>());
        Assert.Empty(overlay.All<V1Job>());
        Assert.DoesNotContain(overlay.Objects, one => one is ScaledObject or Gateway or HttpRoute);
    }

    private static (string Server, int Port) Address(string connection, string value)
    {
        switch (connection)
        {
            case "messaging":
                var bus = ServiceBusConnectionStringProperties.Parse(value).Endpoint;
                // Also the client takes it: its host is not this machine's.
                Assert.Equal(bus.Host, new ServiceBusClient(value).FullyQualifiedNamespace);
                return (bus.Host, bus.Port);
            case "mail":
                var mail = new Uri(value);
                return (mail.Host, mail.Port);
            case "cache":
                var cache = value.Split(':');
                return (cache[0], int.Parse(cache[1], CultureInfo.InvariantCulture));
            default:
                var database = new NpgsqlConnectionStringBuilder(value);
                return (database.Host!, database.Port);
        }
    }

    private static V1Secret Secret(Overlay overlay, string name) =>
        Assert.Single(overlay.All<V1Secret>(), secret => secret.Name()[..^11] == name);
}
