using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Engine;

/// <summary>DCP's second process notices only after some seconds that the first has ended; nothing needs it any more then.</summary>
internal static class DcpRemains
{
    private const string ProcessName = "dcp";

    /// <summary>Kills the processes of a DCP that has ended everything it started.</summary>
    /// <param name="folder">The folder of its session, which is in their command lines.</param>
    public static void Kill(string folder)
    {
        // Elsewhere there is no simple way to tell whose they are, and they end by themselves.
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var process in Process.GetProcessesByName(ProcessName))
        {
            using (process)
            {
                try
                {
                    var commandLine = File.ReadAllText($"/proc/{process.Id}/cmdline");
                    if (commandLine.Contains(folder + "/", StringComparison.Ordinal))
                    {
                        process.Kill();
                    }
                }
                catch (Exception exception)
                    when (exception is IOException or InvalidOperationException or Win32Exception)
                {
                    // It has ended meanwhile.
                }
            }
        }
    }
}
