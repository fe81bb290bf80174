using GraphQL.DataLoader;

namespace Shop.Gateway.GraphQL;

/// <summary>
/// Reads by id what the fields of one request ask for one by one: the execution wants results only when nothing else can go
/// on, so that by then all ids of a level are known. An id is read once in a request.
/// </summary>
internal abstract class BatchLoader<T>(int maxBatch)
    where T : class
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Batch> batches = [];
    private Batch? open;

    /// <summary>What has that id, or null; not asked for before its result is.</summary>
    public IDataLoaderResult<T?> Load(Guid id)
    {
        lock (gate)
        {
            if (!batches.TryGetValue(id, out var batch))
            {
                if (open is null || open.IsRead || open.Ids.Count == maxBatch)
                {
                    open = new Batch(this);
                }

                batch = open;
                batch.Ids.Add(id);
                batches.Add(id, batch);
            }

            return new Result(batch, id);
        }
    }

    /// <summary>Reads those that exist, by id.</summary>
    protected abstract Task<IReadOnlyDictionary<Guid, T>> ReadAsync(
        IReadOnlyList<Guid> ids,
        CancellationToken cancellationToken
    );

    private sealed class Batch(BatchLoader<T> loader)
    {
        private Task<IReadOnlyDictionary<Guid, T>>? reading;

        public List<Guid> Ids { get; } = [];

        public bool IsRead => reading is not null;

        public Task<IReadOnlyDictionary<Guid, T>> ReadAsync(CancellationToken cancellationToken)
        {
            lock (loader.gate)
            {
                return reading ??= loader.ReadAsync(Ids, cancellationToken);
            }
        }
    }

    private sealed class Result(Batch batch, Guid id) : IDataLoaderResult<T?>
    {
        public async Task<T?> GetResultAsync(CancellationToken cancellationToken = default) =>
            (await batch.ReadAsync(cancellationToken)).GetValueOrDefault(id);

        async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) =>
            await GetResultAsync(cancellationToken);
    }
}
