namespace Shop.AppHost.Tests.Observability;

public sealed class PromQlTests
{
    [Theory]
    [InlineData("up", "up", "")]
    [InlineData("sum by (job) (rate(a_total{code=~\"5..\", job!='x y'}[5m])) / 2 > 0.5", "a_total", "code job")]
    [InlineData(
        "histogram_quantile(0.95, sum by (le, job) (rate(d_seconds_bucket[$__rate_interval])))",
        "d_seconds_bucket",
        "le job"
    )]
    [InlineData(
        "sum(a) without (instance) unless on (job) group_left (team) b offset 1h30m",
        "a b",
        "instance job team"
    )]
    [InlineData("a{job=~\"$job\"} == bool 1 and absent(b) # c", "a b", "job")]
    [InlineData("group by (job) (last_over_time(a[1h])) or vector(0)", "a", "job")]
    public void Names_and_labels_are_found_in_an_expression(string expression, string metrics, string labels)
    {
        var found = PromQl.Read(expression);

        Assert.Equal(Words(metrics), found.Metrics.Order());
        Assert.Equal(Words(labels), found.Labels.Order());
    }

    [Theory]
    [InlineData("a{job=\"unfinished}")]
    [InlineData("a ? b")]
    public void What_is_no_expression_is_refused(string expression) =>
        Assert.Throws<FormatException>(() => PromQl.Read(expression));

    private static IEnumerable<string> Words(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order();
}
