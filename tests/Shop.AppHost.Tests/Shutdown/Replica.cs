using System.Net;
using Shop.EmbeddedPostgres;
using Shop.Testing;

namespace Shop.AppHost.Tests.Shutdown;

/// <summary>
/// A second instance of a service of the running shop: the same program with the same settings on ports of its own, as a
/// platform runs it, without the engine that starts the first one.
/// </summary>
internal sealed class Replica : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(30); // Kubernetes' default

    private readonly string _service;
    private readonly ServiceProcess _process;
    private readonly HttpClient _client = new();

    private Replica(string service, string address, ServiceProcess process)
    {
        (_service, Address, _process) = (service, new Uri(address), process);
        _client.BaseAddress = Address;
    }

    public Uri Address { get; }

    /// <summary>What its telemetry calls it.</summary>
    public string Id => IdOf(_service);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="shop">The running shop.</param>
    /// <param name="service">The service.</param>
    /// <param name="more">Settings that it has besides those of the first instance.</param>
    public static async Task<Replica> StartAsync(
        RunningShop shop,
        string service,
        params KeyValuePair<string, string?>[] more
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(s_startLimit);
        var first = await shop.Application.ResourceNotifications.WaitForResourceHealthyAsync(service, limit.Token);
        var environment = first.Snapshot.EnvironmentVariables.ToDictionary(
            variable => variable.Name,
            string? (variable) => variable.Value
        );
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        if (environment.ContainsKey("Kestrel__Endpoints__http__Url"))
        {
            environment["Kestrel__Endpoints__http__Url"] = address;
            environment["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{FreePort.Next()}";
        }
        else
        {
            environment["ASPNETCORE_URLS"] = address;
        }

        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={IdOf(service)}";
        environment["Shutdown__DrainDelay"] = "00:00:03";
        foreach (var (name, value) in more)
            environment[name] = value;
        var folder =
            service == "gateway" ? "Shop.Gateway" : $"services/Shop.{char.ToUpperInvariant(service[0])}{service[1..]}";
        var replica = new Replica(service, address, ServiceProcess.Start(folder, environment));
        await replica.WaitForAsync(HttpStatusCode.OK);
        return replica;
    }

    /// <summary>Sends SIGTERM and waits until it says that it is not ready, which it must say before it stops serving.</summary>
    public async Task TerminateAsync()
    {
        await _process.TerminateAsync();
        await WaitForAsync(HttpStatusCode.ServiceUnavailable);
    }

    /// <summary>Waits for its end within the grace period of a platform.</summary>
    public async Task WaitForEndAsync()
    {
        var exitCode = await _process.WaitForExitAsync(s_stopLimit);
        Assert.True(exitCode == 0, $"{_service} ended with exit code {exitCode}: {await _process.Errors}");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    private static string IdOf(string service) => service + "-replica";

    private async Task WaitForAsync(HttpStatusCode expected)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(s_startLimit);
        while (await ReadyAsync(limit.Token) is var found && found != expected)
        {
            Assert.False(
                expected == HttpStatusCode.ServiceUnavailable && found is null,
                $"{_service} stopped serving before it said that it is not ready."
            );
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    // Null where nobody listens.
    private async Task<HttpStatusCode?> ReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync("/ready", cancellationToken);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
