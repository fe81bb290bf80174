using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.ServiceDefaults.Health;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.ServiceDefaults;

/// <summary>A verb that a module has declared.</summary>
internal sealed record Verb(
    string Name,
    string Description,
    Func<IServiceProvider, string[], CancellationToken, Task<int>> Run
);

/// <summary>Runs the verb that is the first argument of a process.</summary>
internal static class Verbs
{
    /// <summary>The verb that every process has.</summary>
    public const string Migrate = "migrate";

    /// <summary>Whether the first argument is a verb, or meant to be one: settings begin with a dash or a slash, or have a value.</summary>
    public static bool IsVerb(string[] args) =>
        args is [{ Length: > 0 } first, ..] && first[0] is not ('-' or '/') && !first.Contains('=');

    /// <param name="name">Whose verb it is, for the messages.</param>
    /// <param name="args">The verb and its arguments.</param>
    /// <param name="builder">Has the modules' services; built for them and never started.</param>
    /// <param name="error">Gets one sentence when something went wrong.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string name, string[] args, WebApplicationBuilder builder, TextWriter error)
    {
        // Who types a verb is told what went wrong in one sentence, not where in a library.
        builder.Logging.Limit(LogLevel.None);
        await using var app = builder.Build();
        var verbs = app.Services.GetServices<Verb>().ToArray();
        if (verbs.SingleOrDefault(verb => verb.Name == args[0]) is not { } verb)
        {
            await error.WriteLineAsync(Unknown(name, args[0], verbs));
            return 1;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            return await verb.Run(scope.ServiceProvider, args[1..], stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync($"{name}: {verb.Name} was told to stop before it was done.");
            return 1;
        }
        catch (Exception exception)
        {
            await error.WriteLineAsync($"{name}: {verb.Name} failed: {Reason(exception)}");
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>The innermost says it best, but for a server that is away: what is not reached then says the one around it.</summary>
    private static string Reason(Exception exception)
    {
        for (var outer = exception; outer is not null; outer = outer.InnerException)
        {
            if (outer is NpgsqlException or HttpRequestException)
            {
                return outer.Message.ReplaceLineEndings(" ");
            }
        }

        return exception.GetBaseException().Message.ReplaceLineEndings(" ");
    }

    private static string Unknown(string name, string word, IEnumerable<Verb> verbs)
    {
        var known = verbs
            .OrderBy(verb => verb.Name, StringComparer.Ordinal)
            .Select(verb => $"'{verb.Name}' ({verb.Description})")
            .Prepend($"'{HealthCheckVerb.Name}' ({HealthCheckVerb.Description})")
            .Prepend($"'{Migrate}' (brings its databases up to date)");
        return $"{name} knows no verb '{word}'; it takes {string.Join(", ", known)}, or none, and then it serves.";
    }
}
