using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;
using Grpc.Core;
using Wire = Aspire.Hosting.Dashboard.Wire;

namespace Shop.Local.Aspire.Tests;

public sealed class DashboardResourcesTests
{
    private static readonly string[] Arguments = ["--port", "1"];

    [Fact]
    public async Task What_there_is_comes_first_and_changes_follow()
    {
        await using var host = await DashboardHost.StartAsync();
        var web = new TestResource("web");
        await host.PublishAsync(web, snapshot => snapshot with { State = "Starting" });
        await host.WaitForAsync(resource => resource.State == "Starting");

        using var call = host.Client.WatchResources(new(), DashboardHost.Key(), cancellationToken: DashboardHost.Ct);
        await call.ResponseStream.MoveNext(DashboardHost.Ct);
        var initial = call.ResponseStream.Current.InitialData;
        await host.PublishAsync(web, snapshot => snapshot with { State = "Running" });
        await call.ResponseStream.MoveNext(DashboardHost.Ct);
        var changed = call.ResponseStream.Current.Changes;

        Assert.Equal("Starting", Assert.Single(initial.Resources).State);
        Assert.Equal("Running", Assert.Single(changed.Value).Upsert.State);
    }

    [Fact]
    public async Task A_resource_shows_its_addresses_relations_icon_and_times()
    {
        await using var host = await DashboardHost.StartAsync();
        var started = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        await host.PublishAsync(
            new TestResource("web"),
            snapshot =>
                snapshot with
                {
                    State = new ResourceStateSnapshot("Odd", KnownResourceStateStyles.Warn),
                    StartTimeStamp = started,
                    ExitCode = 3,
                    IconName = "Box",
                    IsHidden = true,
                    Urls = [new UrlSnapshot("http", "http://localhost:1", IsInternal: true)],
                    Relationships = [new RelationshipSnapshot("db", "WaitFor")],
                }
        );

        var web = await host.WaitForAsync(resource => resource.DisplayName == "web");

        Assert.Equal(("Test", "warning", "Box"), (web.ResourceType, web.StateStyle, web.IconName));
        Assert.True(web.IsHidden);
        Assert.Equal(started, web.StartedAt.ToDateTime());
        Assert.Equal("3", Property(web, "resource.exitCode").Value.StringValue);
        Assert.Equal("http://localhost:1", Assert.Single(web.Urls).FullUrl);
        Assert.True(web.Urls[0].IsInternal);
        var relation = Assert.Single(web.Relationships);
        Assert.Equal(("db", "WaitFor"), (relation.ResourceName, relation.Type));
    }

    [Fact]
    public async Task Health_is_shown_check_by_check()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.PublishAsync(
            new TestResource("web"),
            snapshot =>
                (snapshot with { State = KnownResourceStates.Running }).WithHealthReports([
                    new HealthReportSnapshot(
                        "ready",
                        Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy,
                        "database is down",
                        "boom"
                    ),
                    new HealthReportSnapshot("later", null, null, null),
                ])
        );

        var web = await host.WaitForAsync(resource => resource.HealthReports.Count == 2);

        Assert.Equal(Wire.HealthStatus.Unhealthy, web.HealthReports[0].Status);
        Assert.Equal("database is down", web.HealthReports[0].Description);
        Assert.False(web.HealthReports[1].HasStatus);
        Assert.Equal("Unhealthy", Property(web, "resource.healthState").Value.StringValue);
    }

    [Fact]
    public async Task Secrets_are_flagged_so_that_the_dashboard_masks_them()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.PublishAsync(
            new TestResource("db"),
            snapshot =>
                snapshot with
                {
                    Properties =
                    [
                        new("Value", "hunter2") { IsSensitive = true },
                        new("resource.connectionString", "Host=x;Password=hunter2"),
                        new("executable.args", Arguments),
                    ],
                    EnvironmentVariables = [new("PGPASSWORD", "hunter2", IsFromSpec: true)],
                }
        );

        var db = await host.WaitForAsync(resource => resource.DisplayName == "db");

        Assert.True(Property(db, "Value").IsSensitive);
        Assert.True(Property(db, "resource.connectionString").IsSensitive);
        Assert.False(Property(db, "executable.args").IsSensitive);
        Assert.Equal(2, Property(db, "executable.args").Value.ListValue.Values.Count);
        var variable = Assert.Single(db.Environment);
        Assert.Equal(("PGPASSWORD", true), (variable.Name, variable.IsFromSpec));
    }

    [Fact]
    public async Task The_application_is_named_without_its_suffix()
    {
        await using var host = await DashboardHost.StartAsync();

        var answer = await host.Client.GetApplicationInformationAsync(
            new(),
            DashboardHost.Key(),
            cancellationToken: DashboardHost.Ct
        );

        Assert.Equal("Shop", answer.ApplicationName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("the-wrong-key")]
    public async Task Who_has_not_the_key_learns_nothing(string key)
    {
        await using var host = await DashboardHost.StartAsync();
        using var call = host.Client.WatchResources(new(), DashboardHost.Key(key), cancellationToken: DashboardHost.Ct);

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(DashboardHost.Ct));

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    private static ResourceProperty Property(Wire.Resource resource, string name) =>
        Assert.Single(resource.Properties, property => property.Name == name);
}
