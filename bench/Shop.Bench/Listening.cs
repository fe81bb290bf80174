using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Shop.Bench;

/// <summary>Waits for a server that the bench has started.</summary>
internal static class Listening
{
    /// <param name="name">What it is, for the error.</param>
    /// <param name="port">Where it listens on 127.0.0.1.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="ended">Why it will not listen any more; null while it may.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="TimeoutException">It does not listen.</exception>
    public static async Task UntilAsync(
        string name,
        int port,
        TimeSpan limit,
        Func<string?> ended,
        CancellationToken cancellationToken
    )
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(20, cancellationToken))
        {
            if (ended() is { } reason)
                throw new TimeoutException($"{name} ended while it started. {reason}");
            if (clock.Elapsed > limit)
                throw new TimeoutException($"{name} did not listen within {limit.TotalSeconds:0} s.");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) { }
        }
    }
}
