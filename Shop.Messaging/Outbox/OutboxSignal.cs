using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>Wakes a context's relay when messages have been committed.</summary>
internal sealed class OutboxSignal : IDisposable
{
    // The unit of work that has added messages, until it commits.
    private readonly ConditionalWeakTable<DbContext, object> _expecting = [];
    private readonly Signal _committed = new();

    public void Expect(DbContext database) => _expecting.AddOrUpdate(database, this);

    /// <summary>Whether the unit of work has added messages that are not committed.</summary>
    public bool IsExpected(DbContext database) => _expecting.TryGetValue(database, out _);

    public void Committed(DbContext database)
    {
        if (_expecting.Remove(database))
        {
            _committed.Wake();
        }
    }

    public Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _committed.WaitAsync(limit, cancellationToken);

    public void Dispose() => _committed.Dispose();
}
