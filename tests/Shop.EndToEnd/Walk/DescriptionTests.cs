namespace Shop.EndToEnd.Walk;

/// <summary>What the shop says about its API helps whoever reads it.</summary>
public sealed class DescriptionTests(RunningShop shop)
{
    [Fact]
    public async Task Every_body_has_an_example_that_its_schema_allows()
    {
        var api = await ApiDescription.ReadAsync(shop.Client.Http);
        var answers = new DescribedAnswers(api);

        foreach (var operation in api.Operations)
            if (api.BodyOf(operation) is var (_, schema, example))
            {
                var members = api.Resolve(schema)["properties"]?.AsObject() ?? [];
                Assert.True(example is not null || members.Count == 0, $"{operation} has no example.");
                var contradiction = example is null ? null : answers.Contradiction(schema, example.ToJsonString());
                Assert.True(contradiction is null, $"{operation}: {contradiction}");
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
