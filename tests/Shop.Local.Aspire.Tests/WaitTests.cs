using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.Local.Aspire.Tests;

/// <summary>Resources that wait for others.</summary>
public sealed class WaitTests
{
    [Fact]
    public async Task A_resource_waits_until_the_other_is_healthy_and_ready()
    {
        await using var app = EngineApp.Create();
        var isHealthy = false;
        var wasReady = new TaskCompletionSource();
        app.Builder.Services.AddHealthChecks()
            .AddCheck("gate", () => isHealthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Not yet."));
        var first = app.AddShell("first", "exec sleep 1000")
            .WithHealthCheck("gate")
            .OnResourceReady((_, _, cancellationToken) => wasReady.Task.WaitAsync(cancellationToken));
        app.AddShell("second", "exec sleep 1000").WaitFor(first);

        var start = await app.BeginStartAsync();
        await app.WaitForAsync("second", KnownResourceStates.Waiting);
        var unhealthy = await app.Application.ResourceNotifications.WaitForResourceAsync(
            "first",
            change => change.Snapshot.HealthReports.Any(report => report.Description == "Not yet."),
            app.Limit
        );
        Assert.Equal(HealthStatus.Unhealthy, unhealthy.Snapshot.HealthStatus);

        isHealthy = true;
        await app.Application.ResourceNotifications.WaitForResourceAsync(
            "first",
            change => change.Snapshot.HealthStatus == HealthStatus.Healthy,
            app.Limit
        );
        Assert.True(app.Application.ResourceNotifications.TryGetCurrentState("second", out var second));
        Assert.Equal(KnownResourceStates.Waiting, second.Snapshot.State?.Text);

        wasReady.SetResult();
        await app.WaitForAsync("second", KnownResourceStates.Running);
        await start;
    }

    [Fact]
    public async Task A_job_that_fails_stops_those_who_wait_for_its_completion()
    {
        await using var app = EngineApp.Create();
        var job = app.AddShell("job", "exit 3");
        app.AddShell("after", "exec sleep 1000").WaitForCompletion(job);

        await app.StartAsync();

        await app.WaitForAsync("after", KnownResourceStates.FailedToStart);
        Assert.Contains("exit code '3', expected '0'", await app.LogOfAsync("after"));
    }

    [Fact]
    public async Task A_missing_program_is_said_in_one_sentence_and_stops_those_who_wait()
    {
        await using var app = EngineApp.Create();
        var missing = app.Builder.AddExecutable("missing", "no-such-program", ".");
        app.AddShell("after", "exec sleep 1000").WaitFor(missing);

        await app.StartAsync();

        await app.WaitForAsync("after", KnownResourceStates.FailedToStart);
        Assert.EndsWith(
            "The program 'no-such-program' of resource 'missing' was not found on the PATH; install it.",
            await app.LogOfAsync("missing")
        );
        Assert.Contains("dependency resource 'missing' because it failed to start", await app.LogOfAsync("after"));
    }

    [Fact]
    public async Task Starting_a_waiting_resource_by_command_ends_its_wait()
    {
        await using var app = EngineApp.Create();
        app.Builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var first = app.AddShell("first", "exec sleep 1000").WithHealthCheck("never");
        app.AddShell("second", "exec sleep 1000").WaitFor(first);

        var start = await app.BeginStartAsync();
        await app.WaitForAsync("second", KnownResourceStates.Waiting);
        await app.ExecuteAsync("second", KnownResourceCommands.StartCommand);

        await app.WaitForAsync("second", KnownResourceStates.Running);
        await start;
    }

    [Fact]
    public async Task A_parameter_without_value_fails_what_needs_it_and_says_which_key_is_missing()
    {
        await using var app = EngineApp.Create();
        var key = app.Builder.AddParameter("api-key", secret: true);
        app.AddShell("user", "exec sleep 1000").WithEnvironment("KEY", key);

        await app.StartAsync();

        await app.WaitForAsync("api-key", KnownResourceStates.ValueMissing);
        await app.WaitForAsync("user", KnownResourceStates.FailedToStart);
        Assert.Contains("'Parameters:api-key' is missing", await app.LogOfAsync("user"));
    }
}
