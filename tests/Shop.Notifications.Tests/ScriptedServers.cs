using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shop.Notifications.Tests;

/// <summary>An address that can be taken away and given back: what comes in goes to another server.</summary>
internal sealed class Relay(int port, string targetHost, int targetPort) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>A relay on a free port, which nobody listens on yet.</summary>
    public static Relay To(string connectionString)
    {
        var target = new Uri(connectionString);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new Relay(((IPEndPoint)probe.LocalEndpoint).Port, target.Host, target.Port);
    }

    public string ConnectionString => $"smtp://127.0.0.1:{port}";

    public void Start()
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener?.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(PassAsync(await listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PassAsync(TcpClient from)
    {
        using var to = new TcpClient();
        using (from)
        {
            await to.ConnectAsync(targetHost, targetPort, _end.Token);
            await Task.WhenAny(
                from.GetStream().CopyToAsync(to.GetStream(), _end.Token),
                to.GetStream().CopyToAsync(from.GetStream(), _end.Token)
            );
        }
    }
}

/// <summary>A mail server that answers one command in its own way, and takes everything else.</summary>
internal sealed class ScriptedMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _command;
    private readonly string? _answer;
    private readonly Task _accepting;

    /// <param name="command">The beginning of the command, such as <c>RCPT</c>.</param>
    /// <param name="answer">What it answers to that; null for nothing at all.</param>
    public ScriptedMailServer(string command, string? answer)
    {
        (_command, _answer) = (command, answer);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString => $"smtp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Set when the scripted command has come.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII);
            (writer.NewLine, writer.AutoFlush) = ("\r\n", true);
            await writer.WriteLineAsync("220 scripted");
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                if (line.StartsWith(_command, StringComparison.OrdinalIgnoreCase))
                {
                    Asked.TrySetResult();
                    if (_answer is not null)
                    {
                        await writer.WriteLineAsync(_answer);
                    }

                    continue;
                }

                await writer.WriteLineAsync(await UsualAsync(line, reader, writer));
            }
        }
    }

    private async Task<string> UsualAsync(string line, StreamReader reader, StreamWriter writer)
    {
        if (!line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
        {
            return "250 ok";
        }

        await writer.WriteLineAsync("354 go on");
        while (await reader.ReadLineAsync(_end.Token) is { } text && text != ".") { }

        return "250 taken";
    }
}
