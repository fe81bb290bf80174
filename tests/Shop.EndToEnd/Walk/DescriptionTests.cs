using System.Text.Json.Nodes;

namespace Shop.EndToEnd.Walk;

/// <summary>What the shop says about its API helps whoever reads it.</summary>
public sealed class DescriptionTests(RunningShop shop)
{
    [Fact]
    public async Task Every_body_has_an_example_with_members_that_its_schema_names()
    {
        var api = await ApiDescription.ReadAsync(shop.Client.Http);

        foreach (var operation in api.Operations)
            if (api.BodyOf(operation) is var (_, schema, example))
            {
                var resolved = api.Resolve(schema);
                // Or null, where a body may be left out.
                if (resolved["oneOf"] is JsonArray choices)
                    resolved = api.Resolve(choices.Last()!);
                var named = (resolved["properties"]?.AsObject() ?? []).Select(one => one.Key).ToList();
                Assert.True(example is JsonObject || named.Count == 0, $"{operation} has no example.");
                Assert.Empty((example?.AsObject() ?? []).Select(one => one.Key).Except(named));
            }
    }

    [Fact]
    public async Task Every_operation_describes_what_is_wrong_as_problem_details()
    {
        var api = await ApiDescription.ReadAsync(shop.Client.Http);

        foreach (var operation in api.Operations)
        {
            var problems = operation.Described["responses"]!
                .AsObject()
                .Where(response => int.Parse(response.Key, null) is >= 400 and not 400 and not 401)
                .ToList();
            Assert.NotEmpty(problems);
            foreach (var (status, response) in problems)
                Assert.True(
                    api.Resolve(response!)["content"]?["application/problem+json"] is not null,
                    $"{operation} has no problem details for {status}."
                );
        }
    }
}
