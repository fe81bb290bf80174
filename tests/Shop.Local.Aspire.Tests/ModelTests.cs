using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Shop.Local.Aspire.Tests;

/// <summary>The description of an application, without starting it.</summary>
public sealed class ModelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_expression_keeps_braces_and_encodes_where_asked()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var password = builder.AddParameter("password", "a b/c");
        var expression = ReferenceExpression.Create($"{{x}}:{password}:{password:uri}:{"text"}");

        Assert.Equal("{x}:a b/c:a%20b%2Fc:text", await expression.GetValueAsync(Ct));
        Assert.Equal("{x}:{password.value}:{password.value}:text", expression.ValueExpression);
    }

    [Fact]
    public async Task A_conditional_expression_follows_its_condition()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var flag = builder.AddParameter("flag", "on");
        var expression = ReferenceExpression.CreateConditional(
            flag.Resource,
            "on",
            ReferenceExpression.Create($"yes"),
            ReferenceExpression.Create($"no")
        );

        Assert.Equal("yes", await expression.GetValueAsync(Ct));
    }

    [Fact]
    public async Task A_parameter_comes_from_the_configuration_before_its_default()
    {
        var builder = DistributedApplicationTestingBuilder.Create("--Parameters:region=US-OR");
        var region = builder.AddParameter("region");

        Assert.Equal("US-OR", await region.Resource.GetValueAsync(Ct));
        var missing = builder.AddParameter("missing");
        await Assert.ThrowsAsync<MissingParameterValueException>(async () => await missing.Resource.GetValueAsync(Ct));
    }

    [Fact]
    public void Names_are_unique_and_fit_for_host_names()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("one", "sh", ".");

        Assert.Throws<DistributedApplicationException>(() => builder.AddExecutable("ONE", "sh", "."));
        Assert.Throws<ArgumentException>(() => builder.AddExecutable("a_b", "sh", "."));
        Assert.Throws<ArgumentException>(() => builder.AddExecutable("1a", "sh", "."));
    }

    [Fact]
    public void A_missing_endpoint_names_those_that_are_there()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var server = builder.AddExecutable("server", "sh", ".").WithHttpEndpoint(name: "api");

        var problem = Assert.Throws<InvalidOperationException>(() => server.GetEndpoint("http").Url);
        Assert.Contains("Available endpoints: `api`", problem.Message);
    }

    [Fact]
    public async Task What_fails_in_an_AppHost_before_it_builds_reaches_the_test()
    {
        var problem = await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            DistributedApplicationTestingBuilder.CreateAsync<Projects.Shop_Local_Aspire_TestAppHost>(
                ["--operation", "publish"],
                Ct
            )
        );
        Assert.Contains("can only run on this machine", problem.Message);
    }

    [Fact]
    public async Task Who_reads_a_log_can_stop_reading_it()
    {
        using var logs = new ResourceLoggerService();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var lines = logs.WatchAsync("server").GetAsyncEnumerator(stop.Token);
        var next = lines.MoveNextAsync().AsTask();
        Assert.True(logs.LogOf("server").IsWatched);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(10), Ct));
        Assert.False(logs.LogOf("server").IsWatched);
    }
}
