using OpenIddict.Abstractions;

namespace Shop.Users.Provider;

/// <summary>Removes what no token that still lives can refer to, once an hour. Replicas may do so at once.</summary>
internal sealed partial class Pruning(IServiceScopeFactory scopes, TimeProvider time, ILogger<Pruning> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await PruneAsync(scope.ServiceProvider, time.GetUtcNow(), stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception); // the next hour will do
            }
        }
    }

    /// <summary>
    /// A refresh token that was used stays as long as it would have lived: whoever shows it again is told by it.
    /// </summary>
    public static async Task PruneAsync(
        IServiceProvider services,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var before = now - TokenLifetimes.Refresh;
        await services.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, cancellationToken);
        await services.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old tokens could not be removed")]
    private partial void LogFailed(Exception exception);
}
