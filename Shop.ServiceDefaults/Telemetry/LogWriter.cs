using System.Buffers;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// Writes lines in the background: at once when nothing was written just before, else all together that came within
/// <see cref="Pause"/>. None is dropped: who logs faster than can be written waits, and what is left at the end is written. Only
/// a process that is killed loses its last lines, those of one pause.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private const int MostBytes = 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // No Lock: it is waited for.
    private readonly object _gate = new();
    private readonly Stream _output;
    private readonly Thread _thread;

    private ArrayBufferWriter<byte> _waiting = new();
    private ArrayBufferWriter<byte> _taken = new();
    private bool _isIdle;
    private bool _isEnding;
    private bool _hasEnded;

    public LogWriter(Stream output)
    {
        _output = output;
        _thread = new Thread(Run) { IsBackground = true, Name = "Log" };
        _thread.Start();
    }

    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            while (_waiting.WrittenCount >= MostBytes && !_hasEnded)
            {
                Monitor.Wait(_gate);
            }

            if (_hasEnded)
            {
                Put(line);
                return;
            }

            _waiting.Write(line);
            if (_isIdle)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Writes what is left. A line that comes later is written by who logs it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        while (Take())
        {
            Put(_taken.WrittenSpan);
            _taken.ResetWrittenCount();
            lock (_gate)
            {
                if (!_isEnding)
                {
                    Monitor.Wait(_gate, Pause);
                }
            }
        }
    }

    /// <summary>Takes the lines that wait, as soon as there are any.</summary>
    /// <returns>Whether there are any; none is left at the end.</returns>
    private bool Take()
    {
        lock (_gate)
        {
            while (_waiting.WrittenCount == 0 && !_isEnding)
            {
                _isIdle = true;
                Monitor.Wait(_gate);
                _isIdle = false;
            }

            (_waiting, _taken) = (_taken, _waiting);
            _hasEnded = _taken.WrittenCount == 0;
            // Those who wait for room.
            Monitor.PulseAll(_gate);
            return !_hasEnded;
        }
    }

    private void Put(ReadOnlySpan<byte> lines)
    {
        try
        {
            _output.Write(lines);
            _output.Flush();
        }
        catch (IOException)
        {
            // Whoever read them is gone, and there is nowhere to say so; a service does not end for that.
        }
    }
}
