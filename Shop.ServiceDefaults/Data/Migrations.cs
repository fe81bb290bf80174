using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Data;

/// <summary>
/// Brings every database of the process's modules up to date, one after the other: as the verb <c>migrate</c>, or before the
/// process serves when <c>Migrate:AtStart</c> is true.
/// </summary>
internal static class Migrations
{
    /// <summary>For a database that is there: its turn at the lock, its migrations, its seed.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // A failed attempt to connect or to read the history of migrations is how a first run finds out what is missing, and what
    // stays wrong is reported by the sentence at the end, so EF Core's own error for each of them would only alarm.
    private static readonly AsyncLocal<bool> AtWork = new();

    /// <param name="name">Whose databases they are, for the messages.</param>
    /// <param name="builder">
    /// Has the modules' services. <c>Migrate:WaitSeconds</c> of its configuration limits the wait for a server that does not
    /// answer yet, 60 by default.
    /// </param>
    /// <param name="output">Gets one line for each database, and one before it when it has to be waited for.</param>
    /// <param name="error">Gets one sentence when something went wrong.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(
        string name,
        WebApplicationBuilder builder,
        TextWriter output,
        TextWriter error
    )
    {
        builder.Logging.AddMigrationFilter();
        // Built for its services, never started: no server, no background work.
        await using var app = builder.Build();
        return await RunAsync(name, app, output, error);
    }

    /// <summary>
    /// Keeps EF Core from logging as errors what migrations find out by trying. It stands above the filter of the service
    /// defaults, so it has to repeat what that one leaves out: a line for each command.
    /// </summary>
    public static void AddMigrationFilter(this ILoggingBuilder logging) =>
        logging.AddFilter(
            "Microsoft.EntityFrameworkCore.Database",
            level => level >= LogLevel.Warning && !AtWork.Value
        );

    /// <summary>The settings; the defaults where no module has a database.</summary>
    public static MigrateOptions Options(WebApplication app) =>
        app.Services.GetRequiredService<IOptions<MigrateOptions>>().Value;

    /// <summary>The same with services that are built already, and go on to serve.</summary>
    public static async Task<int> RunAsync(string name, WebApplication app, TextWriter output, TextWriter error)
    {
        AtWork.Value = true;
        var wait = TimeSpan.FromSeconds(Options(app).WaitSeconds);
        foreach (var database in app.Services.GetServices<ModuleDatabase>())
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                var applied = await UpdateAsync(
                    database,
                    app.Services,
                    wait,
                    reason =>
                        output.WriteLineAsync(
                            $"{name}: waiting up to {wait.TotalSeconds:F0} s for {database.ConnectionName}: {reason}"
                        )
                );
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                await output.WriteLineAsync(
                    $"{name}: {database.ConnectionName} is up to date, {applied} migrations applied in {seconds:F1} s."
                );
            }
            catch (Exception exception)
            {
                await error.WriteLineAsync(
                    $"{name}: {database.ConnectionName} could not be migrated: {Reason(exception)}"
                );
                return 1;
            }
        }

        return 0;
    }

    private static async Task<int> UpdateAsync(
        ModuleDatabase database,
        IServiceProvider services,
        TimeSpan wait,
        Func<string, Task> waiting
    )
    {
        await using var scope = services.CreateAsyncScope();
        var context = database.GetContext(scope.ServiceProvider);
        await DatabaseWait.OpenAsync(context, wait, waiting);
        using var limit = new CancellationTokenSource(Limit);
        await using var turn = await MigrationLock.TakeAsync(context, limit.Token);
        return await database.UpdateAsync(scope.ServiceProvider, limit.Token);
    }

    private static string Reason(Exception exception) =>
        exception is OperationCanceledException
            ? $"it took longer than {Limit.TotalMinutes:F0} minutes, perhaps behind another run that holds the lock."
            : exception.GetBaseException().Message.ReplaceLineEndings(" ");
}
