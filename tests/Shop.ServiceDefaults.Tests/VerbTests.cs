using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.ServiceDefaults.Tests;

public sealed class VerbTests
{
    private const string Description = "counts the things";

    [Fact]
    public async Task A_verb_gets_services_and_the_arguments_behind_it_and_answers_the_exit_code()
    {
        var run = await RunAsync(
            ["count", "--from", "1"],
            (services, args, _) =>
                Task.FromResult(services.GetRequiredService<IHostEnvironment>() is not null ? args.Length + 5 : 0)
        );

        Assert.Equal(7, run.ExitCode);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task An_unknown_verb_is_one_sentence_that_lists_the_verbs()
    {
        var run = await RunAsync(["cuont"], (_, _, _) => Task.FromResult(0));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            "things knows no verb 'cuont'; it takes 'migrate' (brings its databases up to date), 'healthcheck' (asks the running process whether it is alive), 'count' (counts the things), or none, and then it serves.\n",
            run.Error
        );
    }

    [Fact]
    public async Task A_failure_is_one_sentence_and_exit_code_1()
    {
        var run = await RunAsync(["count"], (_, _, _) => throw new InvalidOperationException("Nothing\nthere."));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("things: count failed: Nothing there.\n", run.Error);
    }

    [Fact]
    public async Task A_database_that_is_away_is_one_sentence_and_nothing_before_it()
    {
        using var log = new LogLines();

        var run = await RunAsync(
            ["count"],
            (services, _, cancellationToken) =>
                services.GetRequiredService<ThingsContext>().Things.CountAsync(cancellationToken),
            builder =>
            {
                builder.Configuration["ConnectionStrings:thingsdb"] = "Host=127.0.0.1;Port=1;Username=nobody";
                builder.AddModuleDatabase<ThingsContext>("thingsdb");
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(log);
            }
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("things: count failed: Failed to connect to 127.0.0.1:1\n", run.Error);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_verb_runs_without_background_work()
    {
        var started = false;

        var run = await RunAsync(
            ["count"],
            (_, _, _) => Task.FromResult(0),
            builder => builder.Services.AddHostedService(_ => new Background(() => started = true))
        );

        Assert.Equal(0, run.ExitCode);
        Assert.False(started);
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("healthcheck")]
    [InlineData("count")]
    [InlineData("--count")]
    [InlineData("")]
    public void A_name_that_is_taken_or_none_is_refused(string name)
    {
        var services = new ServiceCollection();
        services.AddVerb("count", Description, (_, _, _) => Task.FromResult(0));

        Assert.Throws<ArgumentException>(() => services.AddVerb(name, Description, (_, _, _) => Task.FromResult(0)));
    }

    [Theory]
    [InlineData("--urls=http://127.0.0.1:0")]
    [InlineData("/urls")]
    [InlineData("urls=http://127.0.0.1:0")]
    public void A_setting_is_no_verb(string argument) => Assert.False(Verbs.IsVerb([argument]));

    private static async Task<Run> RunAsync(
        string[] args,
        Func<IServiceProvider, string[], CancellationToken, Task<int>> verb,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServiceDefaults();
        builder.Services.AddVerb("count", Description, verb);
        configure?.Invoke(builder);
        await using var error = new StringWriter { NewLine = "\n" };
        return new Run(await Verbs.RunAsync("things", args, builder, error), error.ToString());
    }

    private sealed record Run(int ExitCode, string Error);

    private sealed class Background(Action start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
