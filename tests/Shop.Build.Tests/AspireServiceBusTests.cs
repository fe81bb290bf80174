namespace Shop.Build.Tests;

public sealed class AspireServiceBusTests : IDisposable
{
    private readonly ScratchRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task The_package_is_used_if_the_feed_serves_it_else_the_project_and_an_unreachable_feed_is_an_error()
    {
        _repository.UseSource(Path.Combine(_repository.Root, "nowhere"));
        var (exitCode, output) = await _repository.DotnetAsync("build", "App");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Check the network and 'dotnet nuget list source'", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_repository.Answer), "An answer was kept although the source did not answer.");

        _repository.UseSource(_repository.Feed);
        (exitCode, output) = await _repository.DotnetAsync("build", "App");
        Assert.True(exitCode == 0, output);
        Assert.Contains("packages= projects=Aspire.Azure.Messaging.ServiceBus", output, StringComparison.Ordinal);

        _repository.Serve("Aspire.Azure.Messaging.ServiceBus");
        File.Delete(_repository.Answer);
        (exitCode, output) = await _repository.DotnetAsync("build", "App");
        Assert.True(exitCode == 0, output);
        Assert.Contains("packages=Aspire.Azure.Messaging.ServiceBus projects=", output, StringComparison.Ordinal);
    }
}
