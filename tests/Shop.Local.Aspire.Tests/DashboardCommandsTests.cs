using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Shop.Local.Aspire.Tests;

public sealed class DashboardCommandsTests
{
    [Fact]
    public async Task A_command_is_offered_as_it_was_described()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.PublishAsync(Worker(CommandResults.Success()), Running);

        var worker = await host.WaitForAsync(resource => resource.Commands.Count > 0);

        var command = Assert.Single(worker.Commands);
        Assert.Equal(("drain", "Drain"), (command.Name, command.DisplayName));
        Assert.Equal(("Sure?", "Delete"), (command.ConfirmationMessage, command.IconName));
        Assert.True(command.IsHighlighted);
        Assert.Equal(global::Aspire.Hosting.Dashboard.Wire.ResourceCommandState.Disabled, command.State);
    }

    [Fact]
    public async Task A_command_runs_and_tells_how_it_ended()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.PublishAsync(Worker(CommandResults.Success("3 drained")), Running);

        var response = await DrainAsync(host, "worker");

        Assert.Equal(ResourceCommandResponseKind.Succeeded, response.Kind);
        Assert.Equal("3 drained", response.Message);
    }

    [Fact]
    public async Task A_command_that_fails_says_why()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.PublishAsync(Worker(CommandResults.Failure("no permission")), Running);

        var response = await DrainAsync(host, "worker");

        Assert.Equal(ResourceCommandResponseKind.Failed, response.Kind);
        Assert.Equal("no permission", response.Message);
    }

    [Fact]
    public async Task A_command_on_an_unknown_resource_fails()
    {
        await using var host = await DashboardHost.StartAsync();

        var response = await DrainAsync(host, "nobody");

        Assert.Equal(ResourceCommandResponseKind.Failed, response.Kind);
        Assert.Contains("nobody", response.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_is_followed_line_by_line()
    {
        await using var host = await DashboardHost.StartAsync();
        var worker = Worker(CommandResults.Success());
        await host.PublishAsync(worker, Running);
        host.Logs.GetLogger(worker).LogInformation("first");
        using var call = host.Client.WatchResourceConsoleLogs(
            new() { ResourceName = "worker" },
            DashboardHost.Key(),
            cancellationToken: DashboardHost.Ct
        );

        var first = await NextAsync(call);
        host.Logs.GetLogger(worker).LogError("second");
        var second = await NextAsync(call);

        Assert.EndsWith("first", first.Text, StringComparison.Ordinal);
        Assert.False(first.IsStdErr);
        Assert.EndsWith("second", second.Text, StringComparison.Ordinal);
        Assert.True(second.IsStdErr);
        Assert.Equal(first.LineNumber + 1, second.LineNumber);
    }

    [Fact]
    public async Task A_log_that_is_not_followed_ends()
    {
        await using var host = await DashboardHost.StartAsync();
        var worker = Worker(CommandResults.Success());
        await host.PublishAsync(worker, Running);
        host.Logs.GetLogger(worker).LogInformation("only");
        using var call = host.Client.WatchResourceConsoleLogs(
            new() { ResourceName = "worker", SuppressFollow = true },
            DashboardHost.Key(),
            cancellationToken: DashboardHost.Ct
        );

        var lines = 0;
        await foreach (var update in call.ResponseStream.ReadAllAsync(DashboardHost.Ct))
        {
            lines += update.LogLines.Count;
        }

        Assert.Equal(1, lines);
    }

    private static async Task<ConsoleLogLine> NextAsync(AsyncServerStreamingCall<WatchResourceConsoleLogsUpdate> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(DashboardHost.Ct));
        return Assert.Single(call.ResponseStream.Current.LogLines);
    }

    private static async Task<ResourceCommandResponse> DrainAsync(DashboardHost host, string name) =>
        await host.Client.ExecuteResourceCommandAsync(
            new() { CommandName = "drain", ResourceName = name },
            DashboardHost.Key(),
            cancellationToken: DashboardHost.Ct
        );

    private static CustomResourceSnapshot Running(CustomResourceSnapshot snapshot) =>
        snapshot with
        {
            State = KnownResourceStates.Running,
        };

    private static TestResource Worker(ExecuteCommandResult result)
    {
        var worker = new TestResource("worker");
        worker.Annotations.Add(
            new ResourceCommandAnnotation(
                "drain",
                "Drain",
                _ => global::Aspire.Hosting.ApplicationModel.ResourceCommandState.Disabled,
                _ => Task.FromResult(result),
                displayDescription: null,
                parameter: null,
                confirmationMessage: "Sure?",
                iconName: "Delete",
                iconVariant: null,
                isHighlighted: true
            )
        );
        return worker;
    }
}
