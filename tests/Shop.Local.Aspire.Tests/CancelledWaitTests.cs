using Aspire.Hosting.Testing;

namespace Shop.Local.Aspire.Tests;

/// <summary>What a test sees when it asks for something that is not there, or no longer wants to wait.</summary>
public sealed class CancelledWaitTests
{
    [Fact]
    public async Task A_cancelled_wait_names_the_resource_and_a_missing_one_is_named_by_parameter()
    {
        await using var app = EngineApp.Create();
        app.AddShell("sleeper", "exec sleep 1000");
        await app.StartAsync();
        using var cancelled = new CancellationTokenSource();
        var wait = app.Application.ResourceNotifications.WaitForResourceAsync("sleeper", "Nowhere", cancelled.Token);

        await cancelled.CancelAsync();

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => wait);
        Assert.Contains("sleeper", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("resourceName", () => app.Application.GetEndpoint("nobody"));
    }
}
