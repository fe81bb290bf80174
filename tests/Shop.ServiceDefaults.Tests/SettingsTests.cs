using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;

namespace Shop.ServiceDefaults.Tests;

public sealed class SettingsTests
{
    [Fact]
    public async Task Settings_that_are_right_start()
    {
        await using var host = await StartAsync(new() { ["Depot:Pause"] = "00:00:05", ["Depot:Key"] = "x" });
    }

    [Fact]
    public async Task Every_broken_rule_is_a_sentence_of_its_own_that_names_the_setting() =>
        Assert.Equal(
            [
                "Depot:Gate:Width must be from 1 to 9.",
                "Depot:Gates:north:Width must be from 1 to 9.",
                "Depot:Pause must be more than 0.",
                "set Depot:Key to 32 random bytes.",
            ],
            await ErrorsAsync(
                new()
                {
                    ["Depot:Pause"] = "00:00:00",
                    ["Depot:Gate:Width"] = "10",
                    ["Depot:Gates:north:Width"] = "0",
                }
            )
        );

    [Fact]
    public async Task Every_value_that_is_none_of_its_type_is_a_sentence_of_its_own_without_the_value() =>
        Assert.Equal(
            [
                "Depot:Gate:Width must be a whole number.",
                "Depot:Open must be true or false.",
                "Depot:Pause must be a time as hours:minutes:seconds, such as 00:00:30.",
                "Depot:Weekday must be one of Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday.",
            ],
            await ErrorsAsync(
                new()
                {
                    ["Depot:Pause"] = "soon",
                    ["Depot:Gate:Width"] = "wide",
                    ["Depot:Open"] = "often",
                    ["Depot:Weekday"] = "Today",
                }
            )
        );

    [Fact]
    public async Task A_missing_connection_string_says_what_to_set_it_to() =>
        Assert.Equal(
            ["set ConnectionStrings:depot to the depot's address."],
            await ErrorsAsync(
                new() { ["Depot:Key"] = "x" },
                builder => builder.Services.AddConnectionString("depot", "the depot's address", SettingNeed.Always)
            )
        );

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    [InlineData("Staging", false)]
    public async Task What_is_required_outside_development_is_optional_in_it(string environment, bool starts)
    {
        var start = StartAsync([], environment: environment);

        if (starts)
            await (await start).DisposeAsync();
        else
            await Assert.ThrowsAsync<SettingException>(() => start);
    }

    private static async Task<string[]> ErrorsAsync(
        Dictionary<string, string?> settings,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        var refused = await Assert.ThrowsAsync<SettingException>(() => StartAsync(settings, configure));
        return [.. refused.Message.Split('\n').Order(StringComparer.Ordinal)];
    }

    private static Task<TestHost> StartAsync(
        Dictionary<string, string?> settings,
        Action<WebApplicationBuilder>? configure = null,
        string environment = "Production"
    ) =>
        TestHost.StartAsync(
            configure: builder =>
            {
                foreach (var (name, value) in settings)
                    builder.Configuration[name] = value;
                builder.Services.AddSettings<DepotOptions>("Depot");
                configure?.Invoke(builder);
            },
            environment: environment
        );

    private sealed class DepotOptions
    {
        [Positive]
        public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);

        public bool Open { get; set; }

        public DayOfWeek Weekday { get; set; }

        [Secret]
        [RequiredOutsideDevelopment("32 random bytes")]
        public string? Key { get; set; }

        public Gate Gate { get; set; } = new();

        public Dictionary<string, Gate> Gates { get; } = [];
    }

    private sealed class Gate
    {
        [Range(1, 9, ErrorMessage = "{0} must be from {1} to {2}.")]
        public int Width { get; set; } = 1;
    }
}
