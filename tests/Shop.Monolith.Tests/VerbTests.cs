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

    [Theory]
    [InlineData("reconcile")]
    [InlineData("reindex")]
    [InlineData("rebuild-views")]
    [InlineData("appoint-admin", "ada@example.com")]
    [InlineData("dead-letters", "ordering")]
    [InlineData("redrive", "ordering", "42")]
    [InlineData("discard", "ordering", "42")]
    [InlineData("stuck-sagas")]
    [InlineData("resume-saga", "all")]
    public async Task Without_its_database_a_verb_says_so_in_one_sentence(params string[] words)
    {
        Assert.Equal(1, await _process.RunWithoutDatabasesAsync(words));

        var said = string.Join('\n', _process.Output).Trim();
        Assert.StartsWith(
            $"monolith: {words[0]} failed: Failed to connect to 127.0.0.1:1",
            said,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', said);
    }

    [Fact]
    public async Task Dead_letters_are_asked_for_by_context()
    {
        Assert.Equal(0, await _process.RunAsync("dead-letters", "ordering"));
        Assert.Equal(1, await _process.RunAsync("redrive", "ordering", "42"));
        Assert.Equal(1, await _process.RunAsync("discard", "ordering", "42"));
        Assert.Equal(1, await _process.RunAsync("dead-letters"));

        var said = string.Join('\n', _process.Output);
        Assert.Contains("ordering: 0 dead letters.", said, StringComparison.Ordinal);
        Assert.Contains("ordering has no dead letter 42.", said, StringComparison.Ordinal);
        Assert.Contains(
            "Say whose dead letters, as the first word after the verb: one of",
            said,
            StringComparison.Ordinal
        );
    }
}
