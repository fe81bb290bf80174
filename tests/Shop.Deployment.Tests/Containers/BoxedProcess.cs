using System.Diagnostics;
using System.Globalization;
using System.Net;
using Shop.AppHost.Infrastructure;
using Shop.EmbeddedPostgres;

namespace Shop.Deployment.Tests.Containers;

/// <summary>
/// A published program as a container runs it: in Production, as somebody who is not root and owns nothing, without a home,
/// in a folder that it cannot write to. Its database, bus, cache and mail server are away.
/// </summary>
internal sealed class BoxedProcess : IAsyncDisposable
{
    private const string User = "1654"; // as the image

    private readonly string _folder;
    private readonly string _program;
    private readonly int _port = FreePort.Next();
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    public BoxedProcess(string folder, string program)
    {
        (_folder, _program) = (folder, program);
        _process = Process.Start(Program())!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The status of <c>GET path</c>, as soon as it answers; a program that ends first fails the test.</summary>
    public async Task<HttpStatusCode> GetAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            Assert.False(
                _process.HasExited,
                $"{_program} ended. {(_process.HasExited ? await _output + await _errors : "")}"
            );
            try
            {
                using var answer = await client.GetAsync(path, limit.Token);
                return answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token); // it is starting
            }
        }
    }

    /// <summary>Runs the image's health check beside it.</summary>
    public Task<(int ExitCode, string Output, string Errors)> CheckHealthAsync() =>
        ChildProcess.RunAsync(Program("healthcheck"));

    /// <summary>Tries to make a file in the folder of the program, as the program's user.</summary>
    public async Task<bool> CanWriteToItsFolderAsync() =>
        (await ChildProcess.RunAsync(Command("touch", Path.Combine(_folder, "written")))).ExitCode == 0;

    /// <summary>Stops it as an engine does.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
            return;
        using (Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture))) { }
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private ProcessStartInfo Program(params string[] arguments)
    {
        var start = Command("dotnet", [Path.Combine(_folder, $"{_program}.dll"), .. arguments]);
        start.WorkingDirectory = _folder;
        start.Environment["HOME"] = "/nonexistent";
        start.Environment["ASPNETCORE_HTTP_PORTS"] = _port.ToString(CultureInfo.InvariantCulture);
        foreach (var name in Topology.Databases)
            start.Environment[$"ConnectionStrings__{name}"] = $"Host=127.0.0.1;Port=1;Database={name};Username={name}";
        start.Environment["ConnectionStrings__cache"] = "127.0.0.1:1";
        start.Environment["ConnectionStrings__mail"] = "smtp://127.0.0.1:1";
        start.Environment["ConnectionStrings__messaging"] =
            "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=box;SharedAccessKey=Ym94;UseDevelopmentEmulator=true";
        start.Environment["Identity__Issuer"] = "https://shop.example/";
        start.Environment["Identity__KeyEncryptionKey"] = Convert.ToBase64String(new byte[32]);
        // For the monolith, which by default waits for its databases before it serves.
        start.Environment["Migrate__AtStart"] = "false";
        start.Environment["Messaging__Transport"] = "ServiceBus";
        return start;
    }

    private static ProcessStartInfo Command(string program, params string[] arguments)
    {
        string[] command =
            Environment.UserName == "root"
                ?
                [
                    "setpriv",
                    $"--reuid={User}",
                    $"--regid={User}",
                    "--clear-groups",
                    "--no-new-privs",
                    "--",
                    program,
                    .. arguments,
                ]
                : [program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        return start;
    }

    // What a developer or a test runner has set must not reach the program.
    private static bool IsOurs(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("DOTNET_", StringComparison.Ordinal) && name != "DOTNET_ROOT";
}
