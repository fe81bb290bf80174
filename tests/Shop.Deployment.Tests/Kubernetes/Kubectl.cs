using System.ComponentModel;
using System.Diagnostics;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>Renders an overlay as an operator does. It needs no cluster.</summary>
internal static class Kubectl
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>What <c>kubectl kustomize</c> prints. Without kubectl the test is skipped, or fails in CI.</summary>
    public static async Task<string> KustomizeAsync(string overlay)
    {
        var start = new ProcessStartInfo(
            "kubectl",
            ["kustomize", Repository.PathOf("deploy", "k8s", "overlays", overlay)]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"kubectl kustomize of '{overlay}' failed: {await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            const string missing =
                "kubectl is missing; install it to test deploy/k8s: https://kubernetes.io/docs/tasks/tools/";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(missing);
            Assert.Skip(missing);
            throw;
        }
    }
}
