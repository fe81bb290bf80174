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
