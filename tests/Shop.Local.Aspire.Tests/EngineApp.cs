using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Local.Aspire.Tests;

/// <summary>A small application on the engine, and the limits of its tests.</summary>
internal sealed class EngineApp : IAsyncDisposable
{
    private readonly CancellationTokenSource _limit;
    private DistributedApplication? _application;

    private EngineApp(CancellationTokenSource limit, bool areLogsWatched)
    {
        _limit = limit;
        Builder = DistributedApplicationTestingBuilder.Create(
            [],
            (options, _) => options.EnableResourceLogging = areLogsWatched
        );
    }

    public IDistributedApplicationTestingBuilder Builder { get; }

    public DistributedApplication Application => _application!;

    public CancellationToken Limit => _limit.Token;

    public static EngineApp Create(bool areLogsWatched = true)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(40));
        return new EngineApp(limit, areLogsWatched);
    }

    public IResourceBuilder<ExecutableResource> AddShell(string name, string script) =>
        Builder.AddExecutable(name, "sh", ".", "-c", script);

    public async Task StartAsync()
    {
        _application = await Builder.BuildAsync(Limit);
        await _application.StartAsync(Limit);
    }

    /// <summary>Starts without waiting for resources that wait for something.</summary>
    public async Task<Task> BeginStartAsync()
    {
        _application = await Builder.BuildAsync(Limit);
        return _application.StartAsync(Limit);
    }

    public async Task<CustomResourceSnapshot> WaitForAsync(string name, params string[] states)
    {
        var reached = await Application.ResourceNotifications.WaitForResourceAsync(
            name,
            change => states.Contains(change.Snapshot.State?.Text),
            Limit
        );
        return reached.Snapshot;
    }

    public async Task<string> LogOfAsync(string name)
    {
        var resource = Builder.Resources.Single(r => r.Name == name);
        var lines = new List<string>();
        var logs = Application.Services.GetRequiredService<ResourceLoggerService>();
        await foreach (var batch in logs.GetAllAsync(resource).WithCancellation(Limit))
        {
            lines.AddRange(batch.Select(line => line.Content));
        }

        return string.Join('\n', lines);
    }

    public async Task ReadLogUntilAsync(string name, string text)
    {
        var resource = Builder.Resources.Single(r => r.Name == name);
        var logs = Application.Services.GetRequiredService<ResourceLoggerService>();
        await foreach (var batch in logs.WatchAsync(resource).WithCancellation(Limit))
        {
            if (batch.Any(line => line.Content.Contains(text, StringComparison.Ordinal)))
            {
                return;
            }
        }

        Assert.Fail($"The log of '{name}' ended without '{text}'.");
    }

    public async Task<ExecuteCommandResult> ExecuteAsync(string name, string command) =>
        await Application.ResourceCommands.ExecuteCommandAsync(name, command, Limit);

    public async ValueTask DisposeAsync()
    {
        await Builder.DisposeAsync();
        _limit.Dispose();
    }

    public static int PidOf(CustomResourceSnapshot snapshot) =>
        (int)snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;
}
