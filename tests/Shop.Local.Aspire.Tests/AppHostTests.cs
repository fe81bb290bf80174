using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Local.Aspire.Tests;

/// <summary>What an AppHost's resources are told, and how they are reached.</summary>
public sealed class AppHostTests(AppHostFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_answer_behind_one_port()
    {
        var address = fixture.Application.GetEndpoint("service");
        var instances = new HashSet<string>();
        for (var i = 0; i < 100 && instances.Count < 2; i++)
        {
            // The proxy chooses a replica for each connection.
            using var client = new HttpClient { BaseAddress = address };
            instances.Add(await client.GetStringAsync(new Uri("/", UriKind.Relative), Ct));
        }

        var suffixes = ResourceInstances
            .NamesOf(fixture.Resource("service"))
            .Select(name => $"service.instance.id={name["service-".Length..]}");
        Assert.Equal(suffixes.Order(), instances.Order());
    }

    [Fact]
    public void A_referenced_service_is_found_under_the_names_of_service_discovery()
    {
        var variables = fixture.Variables("caller");
        var address = fixture.Application.GetEndpoint("service").GetLeftPart(UriPartial.Authority);

        Assert.Equal(address, variables["services__service__http__0"]);
        Assert.Equal(address, variables["SERVICE_HTTP"]);
    }

    [Fact]
    public async Task A_referenced_database_gives_its_connection_string()
    {
        var port = fixture.Application.GetEndpoint("server", "tcp").Port;
        var expected = $"Host=localhost;Port={port};Database=ordersdb";

        Assert.Equal(expected, await fixture.Application.GetConnectionStringAsync("ordersdb", Ct));
        Assert.Equal(expected, fixture.Variables("caller")["ConnectionStrings__ordersdb"]);
    }

    [Fact]
    public void An_expression_is_filled_with_parameters_and_addresses()
    {
        var address = fixture.Application.GetEndpoint("service").GetLeftPart(UriPartial.Authority);

        Assert.Equal($"hello {{you}} at {address}/{{path}}", fixture.Variables("caller")["GREETING"]);
    }

    [Fact]
    public void A_project_is_told_where_to_listen_and_who_it_is()
    {
        var variables = fixture.Variables("caller");

        Assert.Matches("^http://localhost:[0-9]+$", variables["ASPNETCORE_URLS"]);
        Assert.NotEqual(fixture.Application.GetEndpoint("caller").Port, new Uri(variables["ASPNETCORE_URLS"]!).Port);
        Assert.Equal("caller", variables["OTEL_SERVICE_NAME"]);
        Assert.False(variables.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT"));
    }

    [Fact]
    public void A_direct_endpoint_is_the_port_that_the_process_itself_is_told()
    {
        var arguments = fixture.Snapshots("server")[0].Properties.Single(p => p.Name == "resource.appArgs");

        Assert.Equal(
            $"{fixture.Application.GetEndpoint("server", "tcp").Port}",
            ((IEnumerable<string>)arguments.Value!).Last()
        );
    }

    [Fact]
    public async Task What_a_process_prints_is_in_its_log()
    {
        var logs = fixture.Application.Services.GetRequiredService<ResourceLoggerService>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var seen = new Dictionary<string, bool>();
        await foreach (var batch in logs.WatchAsync(fixture.Resource("job")).WithCancellation(limit.Token))
        {
            foreach (var line in batch)
            {
                seen[line.Content.Split(' ', 2)[1]] = line.IsErrorMessage;
            }

            if (seen.ContainsKey("good") && seen.ContainsKey("bad"))
            {
                break;
            }
        }

        Assert.False(seen["good"]);
        Assert.True(seen["bad"]);
    }

    [Fact]
    public void The_dashboard_gets_the_facts_under_the_names_that_it_knows()
    {
        var snapshot = fixture.Snapshots("caller")[0];
        var names = snapshot.Properties.Select(property => property.Name).ToList();

        Assert.Equal("Project", snapshot.ResourceType);
        Assert.Contains("project.path", names);
        Assert.Contains("executable.pid", names);
        Assert.Contains("executable.workDir", names);
        Assert.Equal(["restart", "start", "stop"], snapshot.Commands.Select(c => c.Name).Order());
        Assert.False(Assert.Single(snapshot.Urls).IsInactive);
        Assert.Contains(new RelationshipSnapshot("service", "WaitFor"), snapshot.Relationships);
        Assert.Contains(new RelationshipSnapshot("ordersdb", "Reference"), snapshot.Relationships);
        Assert.Equal(0, fixture.Snapshots("job")[0].ExitCode);
        Assert.Equal(KnownResourceStates.Finished, fixture.Snapshots("job")[0].State?.Text);
    }
}
