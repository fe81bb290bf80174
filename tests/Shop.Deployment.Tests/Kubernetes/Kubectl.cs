using System.ComponentModel;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>Renders an overlay as an operator does. It needs no cluster.</summary>
internal static class Kubectl
{
    /// <summary>What <c>kubectl kustomize</c> prints. Without kubectl the test is skipped, or fails in CI.</summary>
    public static async Task<string> KustomizeAsync(string overlay)
    {
        try
        {
            var (exitCode, output, errors) = await ChildProcess.RunAsync(
                "kubectl",
                "kustomize",
                Repository.PathOf("deploy", "k8s", "overlays", overlay)
            );
            Assert.True(exitCode == 0, $"kubectl kustomize of '{overlay}' failed: {errors}");
            return output;
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
