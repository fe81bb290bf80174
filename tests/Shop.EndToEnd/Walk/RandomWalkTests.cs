using System.Diagnostics;
using System.Globalization;

namespace Shop.EndToEnd.Walk;

/// <summary>
/// Walks through the whole API as its description tells, with requests that are right and requests that are not. Another walk:
/// <c>SHOP_WALK_SEED=7 SHOP_WALK_REQUESTS=5000 dotnet test ...</c>
/// </summary>
[Collection<SharedWalkers>]
public sealed class RandomWalkTests(Walkers walkers)
{
    private const int MostTold = 50;

    private static readonly int s_seed = Setting("SHOP_WALK_SEED", 20261125);
    private static readonly int s_requests = Setting("SHOP_WALK_REQUESTS", 600);

    // However long the machine takes: a walk that is ended early has gone right so far, once it was everywhere.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(Setting("SHOP_WALK_SECONDS", 40));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_sent_is_answered_as_described_and_never_with_a_fault()
    {
        var api = await ApiDescription.ReadAsync(walkers.Http);
        var requests = new RandomRequests(s_seed, api, walkers);
        var answers = new DescribedAnswers(api);

        // The first of each kind.
        var surprises = new Dictionary<string, string>();
        var seen = new SortedDictionary<int, int>();
        var begin = Stopwatch.GetTimestamp();
        var sent = 0;
        for (
            ;
            requests.Asked.Count < api.Operations.Count()
                || (sent < s_requests && Stopwatch.GetElapsedTime(begin) < s_limit);
            sent++
        )
        {
            var request = requests.Next();
            var (status, surprise) = await SendAsync(request, answers);
            seen[status] = seen.GetValueOrDefault(status) + 1;
            if (surprise is not null)
                surprises.TryAdd($"{request.Operation}: {surprise.Split('\n')[0]}", $"{surprise}\n{request}\n");
        }

        var summary =
            $"Seed {s_seed}, {sent} requests, {string.Join(", ", seen.Select(one => $"{one.Value} x {one.Key}"))}";
        TestContext.Current.SendDiagnosticMessage("{0}", summary);
        Assert.True(
            surprises.Count == 0,
            $"{summary}: {surprises.Count} surprises.\n{string.Join('\n', surprises.Take(MostTold).Select(one => $"{one.Key}{one.Value[one.Value.IndexOf('\n')..]}"))}"
        );
        Assert.True(requests.Asked.Count > 40, $"{summary}: only {requests.Asked.Count} operations are described.");
        // A walk that is refused everything has seen nothing.
        var granted = seen.Where(one => one.Key < 300).Sum(one => one.Value);
        Assert.True(granted >= sent / 8, $"{summary}: only {granted} were granted.");
    }

    private async Task<(int Status, string? Surprise)> SendAsync(WalkRequest request, DescribedAnswers answers)
    {
        using var message = request.ToMessage(walkers.Http.BaseAddress!, walkers.TokenOf(request.Caller));
        using var response = await walkers.Impatient.SendAsync(
            message,
            HttpCompletionOption.ResponseHeadersRead,
            Cancel
        );
        var body = await DescribedAnswers.BodyAsync(response, Cancel);
        var status = (int)response.StatusCode;
        var surprise =
            status >= 500
                ? "a fault"
                : answers.Contradiction(request.Operation, status, response.Content.Headers.ContentType, body);
        return (
            status,
            surprise is null ? null : $"{surprise}\n  answered {status}: {body[..Math.Min(body.Length, 1000)]}"
        );
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
