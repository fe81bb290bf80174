using System.ComponentModel;
using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Engine;

/// <summary>Kills processes that do not end when asked to, so that the application ends in time.</summary>
internal static class ProcessKiller
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    /// <summary>Kills what still runs, with all that it started; gives the instances' names.</summary>
    public static IReadOnlyList<string> Kill(ResourceNotificationService notifications, Instances instances) =>
        [
            .. instances
                .ByResource.SelectMany(group => group)
                .Where(instance =>
                    notifications.TryGetCurrentState(instance.Name, out var current) && Kill(current.Snapshot)
                )
                .Select(instance => instance.Name),
        ];

    private static bool Kill(CustomResourceSnapshot snapshot)
    {
        var pid = snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value as int?;
        if (pid is not > 0 || KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(pid.Value);
            var difference = process.StartTime.ToUniversalTime() - snapshot.StartTimeStamp;
            if (difference?.Duration() > ClockTolerance)
            {
                return false; // another process got the number meanwhile
            }

            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false; // it has ended
        }
    }
}
