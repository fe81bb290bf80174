using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>
/// Wakes a context's relay when messages have been committed. It is a hint that saves waiting: whoever misses it finds the
/// rows with the next poll.
/// </summary>
internal sealed class OutboxSignal : IDisposable
{
    // The unit of work that has added messages, until it commits.
    private readonly ConditionalWeakTable<DbContext, object> _expecting = [];
    private readonly SemaphoreSlim _committed = new(0);

    public void Expect(DbContext database) => _expecting.AddOrUpdate(database, this);

    public void Committed(DbContext database)
    {
        if (_expecting.Remove(database))
        {
            Wake();
        }
    }

    public void Wake()
    {
        if (_committed.CurrentCount == 0)
        {
            _committed.Release();
        }
    }

    public Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _committed.WaitAsync(limit, cancellationToken);

    public void Dispose() => _committed.Dispose();
}
