namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// The trace and the log scope in which something was begun, for work on it that is done elsewhere, perhaps for several at once.
/// The default is wherever the work is called.
/// </summary>
public readonly struct Surroundings
{
    private readonly ExecutionContext? _context;

    private Surroundings(ExecutionContext? context) => _context = context;

    /// <summary>Those of the caller.</summary>
    public static Surroundings Capture() => new(ExecutionContext.Capture());

    /// <summary>Does work in them.</summary>
    public void Run(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_context is null)
        {
            work();
        }
        else
        {
            ExecutionContext.Run(_context, _ => work(), state: null);
        }
    }

    /// <summary>Does work in them that waits for something.</summary>
    public Task RunAsync(Func<Task> work)
    {
        Task? working = null;
        Run(() => working = work());
        return working!;
    }
}
