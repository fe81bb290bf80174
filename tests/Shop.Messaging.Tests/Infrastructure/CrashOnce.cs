using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Shop.Messaging.Tests;

/// <summary>Ends what is being done right before the first such command, as a crash at that moment would.</summary>
internal sealed class CrashOnce(string command) : DbCommandInterceptor
{
    private int _crashed;

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand dbCommand,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (
            dbCommand.CommandText.StartsWith(command, StringComparison.Ordinal)
            && Interlocked.Exchange(ref _crashed, 1) == 0
        )
        {
            throw new InvalidOperationException("Crashed.");
        }

        return ValueTask.FromResult(result);
    }
}
