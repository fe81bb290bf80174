using System.Diagnostics;

namespace Shop.EmbeddedPostgres;

/// <summary>
/// PostgreSQL refuses to run as root. Where we run as root (containers, CI), it is started in a user namespace
/// in which it is somebody else, or, where the kernel does not allow that, as the user nobody.
/// </summary>
internal sealed class UnprivilegedRunner
{
    private static readonly string[] UserNamespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];
    private static readonly string[] Nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"];

    private readonly string[] _prefix;

    private UnprivilegedRunner(string[] prefix) => _prefix = prefix;

    public static UnprivilegedRunner Find(string dataFolder, string programs)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return new([]);
        if (Succeeds([.. UserNamespace, "true"]))
            return new(UserNamespace);
        if (
            Succeeds([.. Nobody, "test", "-x", Path.Combine(programs, "postgres")])
            && Succeeds([.. Nobody, "test", "-x", dataFolder])
        )
        {
            return new(Nobody);
        }
        throw new SetupException(
            $"PostgreSQL refuses to run as root, this kernel allows no user namespaces, and the user nobody cannot read {programs} and {dataFolder}: run as another user, or clone the repository into a folder that everybody may enter."
        );
    }

    /// <summary>The command line that runs a program as somebody who is not root.</summary>
    public (string Command, string[] Arguments) Wrap(string program) =>
        _prefix is [] ? (program, []) : (_prefix[0], [.. _prefix[1..], program]);

    /// <summary>Gives a file or folder to the user that the program runs as.</summary>
    public void Own(string path)
    {
        if (_prefix is [])
            return;
        var owner = _prefix == Nobody ? "nobody:nogroup" : "root:root";
        if (!Succeeds(["chown", "-R", owner, path]))
            throw new SetupException($"Could not give {path} to {owner}, which PostgreSQL runs as.");
    }

    private static bool Succeeds(string[] command)
    {
        try
        {
            var start = new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            return process.WaitForExit(TimeSpan.FromSeconds(30)) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
