using System.Data.Common;
using System.Net.Sockets;

namespace Shop.Users.Data;

/// <summary>Ends the start while the people of Development are in the database; for everywhere else.</summary>
internal sealed class NoDemoPeople(IServiceScopeFactory scopes) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<UsersDbContext>();
        try
        {
            await DemoPeople.EnsureAbsentAsync(db, cancellationToken);
        }
        // EF Core wraps what it thinks worth another try.
        catch (Exception exception)
            when (exception.GetBaseException() is DbException or SocketException or TimeoutException)
        {
            // A database that is away, or empty yet, does not keep the service from starting; the verb migrate looks, too.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
