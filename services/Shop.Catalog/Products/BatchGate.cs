namespace Shop.Catalog.Products;

/// <summary>Lets a few at a time read batches from the database, so that many who ask for the same make few queries.</summary>
internal sealed class BatchGate : IDisposable
{
    private const int AtOnce = 4;

    private readonly SemaphoreSlim turns = new(AtOnce);

    public async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        return new Turn(turns);
    }

    public void Dispose() => turns.Dispose();

    /// <summary>Ends when it is disposed of.</summary>
    internal readonly struct Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
