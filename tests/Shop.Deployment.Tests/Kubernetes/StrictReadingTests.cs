namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>A field that Kubernetes does not know, such as a misspelt one, would be ignored or refused only at deployment.</summary>
public sealed class StrictReadingTests
{
    [Fact]
    public void An_unknown_field_is_refused()
    {
        const string yaml = """
            apiVersion: v1
            kind: Service
            metadata: { name: catalog }
            spec: { port: 8080 }
            """;

        var error = Assert.ThrowsAny<Exception>(() => Overlay.Parse(yaml));

        Assert.Contains("'port' not found", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_field_of_a_type_that_Kubernetes_does_not_know_is_refused()
    {
        const string yaml = """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: { name: catalog }
            spec: { maxReplicas: 5 }
            """;

        var error = Assert.ThrowsAny<Exception>(() => Overlay.Parse(yaml));

        Assert.Contains("'maxReplicas' not found", error.ToString(), StringComparison.Ordinal);
    }
}
