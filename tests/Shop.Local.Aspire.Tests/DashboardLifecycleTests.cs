using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Wire;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Local.Aspire.Tests;

public sealed class DashboardLifecycleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Stop_and_start_reach_the_process_behind_a_resource()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var ct = limit.Token;
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions());
        builder.Configuration["ASPNETCORE_URLS"] = LocalAddress.WithPort("http://127.0.0.1:0");
        builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = LocalAddress.WithPort("http://127.0.0.1:0");
        builder.AddExecutable("sleeper", "sleep", Path.GetTempPath(), "1000");
        await using var application = builder.Build();
        await application.StartAsync(ct);
        var settings = DashboardSettings.Read(builder.Configuration);
        using var channel = GrpcChannel.ForAddress(
            await application.Services.GetRequiredService<ResourceServiceHost>().ListenAsync(ct)
        );
        var client = new DashboardService.DashboardServiceClient(channel);
        var key = DashboardHost.Key(settings.ResourceServiceApiKey);
        var running = await application.ResourceNotifications.WaitForResourceAsync(
            "sleeper",
            known => known.Snapshot.State?.Text == KnownResourceStates.Running,
            ct
        );

        var stopped = await ExecuteAsync("stop");
        await application.ResourceNotifications.WaitForResourceAsync("sleeper", KnownResourceStates.TerminalStates, ct);
        var started = await ExecuteAsync("start");
        var again = await application.ResourceNotifications.WaitForResourceAsync(
            "sleeper",
            known => known.Snapshot.State?.Text == KnownResourceStates.Running && Pid(known) is not null,
            ct
        );

        Assert.Equal(ResourceCommandResponseKind.Succeeded, stopped.Kind);
        Assert.Equal(ResourceCommandResponseKind.Succeeded, started.Kind);
        Assert.NotEqual(Pid(running), Pid(again));

        async Task<ResourceCommandResponse> ExecuteAsync(string command) =>
            await client.ExecuteResourceCommandAsync(
                new() { CommandName = command, ResourceName = running.ResourceId },
                key,
                cancellationToken: ct
            );
    }

    private static object? Pid(ResourceEvent known) =>
        known.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value;
}
