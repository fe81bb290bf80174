namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>The overlays, for theories.</summary>
public static class Overlays
{
    /// <summary>Each folder of <c>deploy/k8s/overlays</c>.</summary>
    public static TheoryData<string> All =>
        [
            .. Directory
                .EnumerateDirectories(Repository.PathOf("deploy", "k8s", "overlays"))
                .Select(folder => Path.GetFileName(folder)!)
                .Order(),
        ];
}
