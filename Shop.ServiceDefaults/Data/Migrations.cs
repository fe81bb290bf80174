using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.ServiceDefaults.Data;

/// <summary>The verb <c>migrate</c>: every database of the process's modules, one after the other.</summary>
internal static class Migrations
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(string name, WebApplicationBuilder builder)
    {
        // Built for its services, never started: no server, no background work.
        await using var app = builder.Build();
        using var limit = new CancellationTokenSource(Limit);
        foreach (var database in app.Services.GetServices<ModuleDatabase>())
        {
            if (!await TryRunAsync(name, database, app.Services, limit.Token))
            {
                return 1;
            }
        }

        return 0;
    }

    private static async Task<bool> TryRunAsync(
        string name,
        ModuleDatabase database,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var scope = services.CreateAsyncScope();
            var context = database.GetContext(scope.ServiceProvider);
            await DatabaseWait.OpenAsync(context, cancellationToken);
            await using var migrationLock = await MigrationLock.TakeAsync(
                context,
                cancellationToken
            );
            var applied = await database.UpdateAsync(scope.ServiceProvider, cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(started);
            Console.WriteLine(
                $"{name}: {database.ConnectionName} is up to date, {applied} migrations applied in {elapsed.TotalSeconds:F1} s."
            );
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var reason =
                exception is OperationCanceledException
                    ? $"it took longer than {Limit.TotalMinutes:F0} minutes"
                    : exception.GetBaseException().Message.ReplaceLineEndings(" ");
            await Console.Error.WriteLineAsync(
                $"{name}: {database.ConnectionName} could not be migrated: {reason}"
            );
            return false;
        }
    }
}
