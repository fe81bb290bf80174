using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Broker.Sql;

namespace Shop.ServiceBus.Tests;

/// <summary>The language of rules, on one message: what it lets through, what it changes, what it refuses.</summary>
public sealed class EmulatorSqlTests
{
    private static readonly MessageProperties Message = new()
    {
        MessageId = "m-1",
        Subject = "shop.created",
        Application = new Dictionary<string, object?>
        {
            ["colour"] = "red",
            ["amount"] = 42,
            ["weight"] = 2.5,
            ["paid"] = true,
            ["empty"] = null,
            ["50%"] = "50%",
        },
    };

    [Theory]
    [InlineData("colour = 'red' AND amount >= 42")]
    [InlineData("user.colour <> 'blue' and COLOUR != 'green'")]
    [InlineData("sys.Label = 'shop.created' AND sys.messageid LIKE 'm-_'")]
    [InlineData("colour = 'blue' OR amount = 42 AND paid")]
    [InlineData("NOT (colour = 'blue') AND NOT paid = FALSE")]
    [InlineData("colour IN ('blue', 'red') AND amount NOT IN (1, 2)")]
    [InlineData("colour LIKE 'r%' AND colour NOT LIKE '%blue%'")]
    [InlineData("[50%] LIKE '50!%' ESCAPE '!'")]
    [InlineData("missing IS NULL AND colour IS NOT NULL AND empty IS NULL")]
    [InlineData("EXISTS(colour) AND NOT EXISTS(missing)")]
    [InlineData("amount + 2 * 4 = 50 AND (amount + 2) * 4 = 176")]
    [InlineData("amount / 5 = 8 AND amount % 5 = 2 AND -amount < -41.5")]
    [InlineData("weight * 2 = 5 AND amount = 42.0 AND weight = 25e-1")]
    [InlineData("colour + 'dish' = 'reddish' AND \"colour\" = 'red'")]
    public void This_condition_is_true(string condition) => Assert.True(new SqlFilter(condition).Matches(Message));

    [Theory]
    [InlineData("colour = 'RED'")]
    [InlineData("missing = 1")]
    [InlineData("NOT missing = 1")]
    [InlineData("missing <> 1")]
    [InlineData("amount NOT IN (1, missing)")]
    [InlineData("colour > 5")]
    [InlineData("amount / 0 = 1 OR NOT amount / 0 = 1")]
    [InlineData("amount * 9223372036854775807 > 0")]
    [InlineData("colour LIKE 'e'")]
    [InlineData("colour")]
    public void This_condition_is_not_true(string condition) => Assert.False(new SqlFilter(condition).Matches(Message));

    public static TheoryData<object, object> PairsOfNumbers()
    {
        object[] sixes = [(byte)6, (sbyte)6, (short)6, (ushort)6, 6, 6u, 6L, 6ul, 6f, 6d, 6m];
        object[] fours = [(byte)4, (sbyte)4, (short)4, (ushort)4, 4, 4u, 4L, 4ul, 4f, 4d, 4m];
        return [.. sixes.SelectMany(six => fours.Select(four => (six, four)))];
    }

    [Theory]
    [MemberData(nameof(PairsOfNumbers))]
    public void Numbers_of_any_two_types_are_computed_and_compared(object six, object four)
    {
        var message = With(("a", six), ("b", four));
        var quotient = six is float or double or decimal || four is float or double or decimal ? "1.5" : "1";

        Assert.True(new SqlFilter("a + b = 10 AND a - b = 2 AND a * b = 24 AND a % b = 2").Matches(message));
        Assert.True(new SqlFilter($"a / b = {quotient} AND b - a = -2 AND -a < -b").Matches(message));
        Assert.True(new SqlFilter("a > b AND b <= a AND a <> b AND NOT a = b AND a = b + 2").Matches(message));
        Assert.True(new SqlFilter("a IN (b, 6) AND a NOT IN (b, 5.5) AND a = 6.0").Matches(message));
        Assert.True(new CorrelationFilter { Properties = Named("a", six) }.Matches(With(("a", six))));
        Assert.False(new CorrelationFilter { Properties = Named("a", four) }.Matches(With(("a", six))));
    }

    public static TheoryData<object> Numbers() => [.. PairsOfNumbers().Select(pair => pair.Data.Item1).Distinct()];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_division_by_zero_is_unknown(object number)
    {
        var message = With(("a", number));

        Assert.False(new SqlFilter("a / 0 = 1 OR NOT a / 0 = 1").Matches(message));
        Assert.False(new SqlFilter("a % (a - a) > 0 OR NOT a % (a - a) > 0").Matches(message));
        var changed = new SqlAction("SET b = a / 0; SET c = a % 0.0; SET sys.To = a / 0").Apply(message);
        Assert.Null(changed.Application["b"]);
        Assert.Null(changed.Application["c"]);
        Assert.Null(changed.To);
    }

    public static TheoryData<object, string> Overflows() =>
        new()
        {
            { long.MaxValue, "a + 1" },
            { long.MinValue, "-a" },
            { ulong.MaxValue, "a * 2" },
            { ulong.MaxValue, "a + 1" },
            { decimal.MaxValue, "a * 1.5" },
            { decimal.MinValue, "a - 1e28" },
            { double.MaxValue, "a * 2" },
            { float.NaN, "a" },
        };

    [Theory]
    [MemberData(nameof(Overflows))]
    public void A_result_that_no_number_holds_is_unknown(object number, string expression)
    {
        var message = With(("a", number));

        Assert.False(new SqlFilter($"{expression} > 0 OR NOT {expression} > 0").Matches(message));
    }

    public static TheoryData<object, string> Exact() =>
        new()
        {
            { ulong.MaxValue, "a - 1 > 9223372036854775807 AND a - 1 < a" },
            { ulong.MaxValue, "a / 2 = 9223372036854775807 AND a % 10 = 5" },
            { long.MinValue, "a + 1 = -9223372036854775807" },
            { 19.99m, "a * 2 > 39.9 AND a * 2 = 39.98 AND a + 1 > 20.5 AND -a < -19.5" },
            { 0.1m, "a + 0.2 = 0.3 AND a * 3 = 0.3 AND a = 1e-1" },
            { 1e-28m, "a > 0 AND a < 1e-27" },
            { decimal.MaxValue, "a < 1e300 AND a > -1e300 AND a / 2 < a" },
        };

    [Theory]
    [MemberData(nameof(Exact))]
    public void Numbers_are_computed_without_loss(object number, string condition) =>
        Assert.True(new SqlFilter(condition).Matches(With(("a", number))));

    [Fact]
    public void An_action_computes_decimals_as_decimals()
    {
        var changed = new SqlAction("SET b = a * 2; SET c = a - 0.49; SET d = -a; SET e = a / 8").Apply(
            With(("a", 19.99m))
        );

        Assert.Equal(39.98m, changed.Application["b"]);
        Assert.Equal(19.5m, changed.Application["c"]);
        Assert.Equal(-19.99m, changed.Application["d"]);
        Assert.Equal(2.49875m, changed.Application["e"]);
    }

    private static MessageProperties With(params (string Name, object? Value)[] properties) =>
        new() { Application = properties.ToDictionary(property => property.Name, property => property.Value) };

    private static Dictionary<string, object> Named(string name, object value) => new() { [name] = value };

    [Theory]
    [InlineData("", "Expected a property or a constant, not the end at character 1")]
    [InlineData("a = 1 b", "Expected the end, not 'b' at character 7")]
    [InlineData("a LIKE 1", "Expected a text in single quotes, not '1'")]
    [InlineData("a = 'x", "' is never closed at character 5")]
    [InlineData("sys.Nothing = 1", "sys.Nothing is not known")]
    [InlineData("other.a = 1", "'other' is no scope")]
    [InlineData("a NOT 1", "Expected IN or LIKE")]
    [InlineData("a = #", "'#' means nothing here at character 5")]
    public void A_wrong_condition_is_refused_with_the_reason(string condition, string reason) =>
        Assert.Contains(reason, Assert.Throws<SqlSyntaxException>(() => new SqlFilter(condition)).Message);

    [Fact]
    public void The_deepest_condition_that_is_not_too_long_is_parsed()
    {
        var brackets = new string('(', 510);

        Assert.True(new SqlFilter($"{brackets}1=1{brackets.Replace('(', ')')}").Matches(Message));
        Assert.Throws<SqlSyntaxException>(() => new SqlFilter(new string('(', 1025)));
    }

    [Fact]
    public void An_action_sets_and_removes_in_its_order()
    {
        var action = new SqlAction(
            "SET amount = amount + 1; SET twice = amount * 2; REMOVE colour; SET sys.Label = 'x' REMOVE sys.To"
        );

        var changed = action.Apply(Message with { To = "there" });

        Assert.Equal(43L, changed.Application["amount"]);
        Assert.Equal(86L, changed.Application["twice"]);
        Assert.False(changed.Application.ContainsKey("colour"));
        Assert.Equal("x", changed.Subject);
        Assert.Null(changed.To);
        Assert.Equal("red", Message.Application["colour"]);
    }

    [Theory]
    [InlineData("", "Expected SET or REMOVE")]
    [InlineData("SET sys.MessageId = 'x'", "sys.MessageId cannot be changed")]
    [InlineData("DROP a", "Expected SET or REMOVE, not 'DROP'")]
    public void A_wrong_action_is_refused_with_the_reason(string action, string reason) =>
        Assert.Contains(reason, Assert.Throws<SqlSyntaxException>(() => new SqlAction(action)).Message);
}
