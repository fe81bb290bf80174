using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>One run of an AppHost's entry point, which stops where a test takes over.</summary>
internal sealed class AppHostRun(
    Assembly appHost,
    string[] args,
    Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder
) : BuilderObserver, IAsyncDisposable
{
    private static readonly TimeSpan BuilderLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder =
        NewSource<DistributedApplicationBuilder>();
    private readonly TaskCompletionSource _build = NewSource();
    private readonly TaskCompletionSource<DistributedApplication> _application = NewSource<DistributedApplication>();
    private readonly TaskCompletionSource _ended = NewSource();

    /// <summary>Starts the entry point on a thread of its own, as it may be synchronous.</summary>
    public void Start()
    {
        var main =
            appHost.EntryPoint
            ?? throw new InvalidOperationException(
                $"Assembly '{appHost.GetName().Name}' does not have an entry point."
            );
        var thread = new Thread(() => Run(main)) { IsBackground = true, Name = "AppHost" };
        thread.Start();
    }

    public Task<DistributedApplicationBuilder> BuilderAsync(CancellationToken cancellationToken) =>
        _builder.Task.WaitAsync(BuilderLimit, cancellationToken);

    public Task<DistributedApplication> ApplicationAsync(CancellationToken cancellationToken)
    {
        _build.TrySetResult();
        return _application.Task.WaitAsync(BuilderLimit, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _build.TrySetCanceled();
        if (_application.Task.IsCompletedSuccessfully)
        {
            await (await _application.Task).DisposeAsync();
        }

        try
        {
            await _ended.Task.WaitAsync(EndLimit);
        }
        catch (TimeoutException)
        {
            // What the AppHost does after its application has stopped is not the test's business.
        }
    }

    public override void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings) =>
        TestingDefaults.Apply(options, settings, appHost, args, configureBuilder);

    public override void OnCreated(DistributedApplicationBuilder builder) => builder.Services.AddHttpClient();

    public override void OnBuilding(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _build.Task.GetAwaiter().GetResult();
    }

    public override DistributedApplication OnBuilt(DistributedApplication application)
    {
        _application.TrySetResult(application);
        return new ObservedApplication(application);
    }

    private void Run(MethodInfo main)
    {
        Current = this;
        try
        {
            object?[] parameters = main.GetParameters().Length == 0 ? [] : [args];
            main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, parameters, null);
            Fail(
                new InvalidOperationException(
                    $"The entry point of '{appHost.GetName().Name}' ended without building a distributed application."
                )
            );
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private void Fail(Exception exception)
    {
        _builder.TrySetException(exception);
        _application.TrySetException(exception);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
