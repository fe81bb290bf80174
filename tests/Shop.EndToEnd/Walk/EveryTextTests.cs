using System.Collections.Concurrent;

namespace Shop.EndToEnd.Walk;

/// <summary>
/// Every text of every operation that the shop describes (in queries, headers, forms and bodies), so also of those that are
/// there tomorrow.
/// </summary>
[Collection<SharedWalkers>]
public sealed class EveryTextTests(Walkers walkers)
{
    private const int AtOnce = 4;

    [Fact]
    public async Task Whatever_stands_in_for_it_is_answered_as_described_and_never_run()
    {
        var api = await ApiDescription.ReadAsync(walkers.Http);
        var answers = new DescribedAnswers(api);
        var requests = new TextRequests(api, walkers).Of(HostileTexts.All).ToList();
        var surprises = new ConcurrentDictionary<string, string>();

        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (request, cancel) =>
            {
                using var message = request.ToMessage(walkers.Http.BaseAddress!, walkers.TokenOf(request.Caller));
                using var response = await walkers.Impatient.SendAsync(
                    message,
                    HttpCompletionOption.ResponseHeadersRead,
                    cancel
                );
                var body = await DescribedAnswers.BodyAsync(response, cancel);
                var type = response.Content.Headers.ContentType;
                var status = (int)response.StatusCode;
                var surprise =
                    status >= 500 ? "a fault"
                    : body.Contains(HostileTexts.Result, StringComparison.Ordinal) ? "it was run"
                    : type?.MediaType == "text/html" && body.Contains(HostileTexts.Script, StringComparison.Ordinal)
                        ? "a browser would run it"
                    : answers.Contradiction(request.Operation, status, type, body);
                if (surprise is not null)
                    surprises.TryAdd($"{request.Operation}: {surprise}", $"{request}\n{status} {body}");
            }
        );

        Assert.True(surprises.IsEmpty, string.Join("\n\n", surprises.Select(one => $"{one.Key}\n{one.Value}")));
        Assert.True(requests.Count > 700, $"There are only {requests.Count} texts to try.");
    }
}
