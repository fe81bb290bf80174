namespace Shop.Monolith.Tests;

public sealed class VerbTests : IAsyncDisposable
{
    private readonly MonolithProcess _process = new();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [Fact]
    public async Task Verbs_of_its_modules_are_its_own()
    {
        Assert.Equal(0, await _process.RunAsync("migrate"));
        Assert.Equal(0, await _process.RunAsync("reconcile"));
        Assert.Equal(1, await _process.RunAsync("no-such-verb"));

        var said = string.Join('\n', _process.Output);
        Assert.Contains("monolith: orderingdb is up to date", said, StringComparison.Ordinal);
        Assert.Contains("monolith knows no verb 'no-such-verb'", said, StringComparison.Ordinal);
    }
}
