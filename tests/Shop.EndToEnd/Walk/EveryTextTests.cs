using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Shop.EndToEnd.Walk;

/// <summary>
/// Every text of every operation that the shop describes (in queries, headers, forms and bodies), so also of those that are
/// there tomorrow.
/// </summary>
[Collection<SharedWalkers>]
public sealed partial class EveryTextTests(Walkers walkers)
{
    private const string Form = "application/x-www-form-urlencoded";
    private const int AtOnce = 4;

    [Fact]
    public async Task Whatever_stands_in_for_it_is_answered_as_described_and_never_run()
    {
        var api = await ApiDescription.ReadAsync(walkers.Http);
        var answers = new DescribedAnswers(api);
        var requests = api.Operations.SelectMany(operation => RequestsOf(operation, api)).ToList();
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

    private IEnumerable<WalkRequest> RequestsOf(Operation operation, ApiDescription api)
    {
        var random = new Random(1);
        var bodies = new RandomBodies(random, api, walkers);
        var path = Parameter().Replace(operation.Path, _ => walkers.IdFor(operation.Path, random));
        var body = api.BodyOf(operation);
        foreach (var text in HostileTexts.All)
        {
            foreach (var name in api.TextParameters(operation, "query"))
                yield return Of($"{path}?{name}={HostileTexts.Escaped(text)}", [], null);
            // No client sends anything else there.
            foreach (var name in text.All(c => c is >= ' ' and <= '~') ? api.TextParameters(operation, "header") : [])
                yield return Of(path, [(name, text)], null);
            foreach (var field in body is null ? [] : api.TextsIn(body.Value.Schema))
                yield return Of(path, [], (field, text));
        }

        WalkRequest Of(string target, (string, string)[] headers, (string Field, string Text)? hostile)
        {
            if (body is not var (type, schema, example))
                return new WalkRequest(operation, "admin", target, headers, null);
            var right = bodies.Right(example, schema)!;
            if (hostile is var (field, text))
                HostileTexts.Put(right, field.Split('/'), text);
            return new WalkRequest(
                operation,
                "admin",
                target,
                [("Content-Type", type), .. headers],
                type == Form ? InForm(right) : HostileTexts.InJson(right.ToJsonString())
            );
        }
    }

    private static string InForm(JsonNode fields) =>
        string.Join('&', fields.AsObject().Select(field => $"{field.Key}={HostileTexts.Escaped($"{field.Value}")}"));

    [GeneratedRegex("{[^}]+}")]
    private static partial Regex Parameter();
}
