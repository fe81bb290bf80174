namespace Shop.ServiceBusEmulator.Broker.Sql;

/// <summary>A parsed expression: its value for a message, null when that is unknown.</summary>
internal delegate object? SqlExpression(MessageProperties message);

/// <summary>
/// Parses the language of rules by recursive descent, weakest operator first: OR, AND, NOT, comparisons, sums, products,
/// signs. Source: "Subscription rule SQL filter syntax" and "... SQL action syntax" in Azure Service Bus' documentation.
/// </summary>
internal sealed class SqlParser(string text)
{
    private static readonly string[] Comparisons = ["=", "<>", "!=", "<", "<=", ">", ">="];

    private readonly List<SqlToken> tokens = SqlTokens.Of(text);
    private int index;

    private SqlToken Current => tokens[index];

    /// <exception cref="SqlSyntaxException">The text is no condition.</exception>
    public static SqlExpression Condition(string text)
    {
        var parser = new SqlParser(text);
        var condition = parser.Or();
        return parser.Current.Kind == SqlTokenKind.End ? condition : throw parser.Unexpected("the end");
    }

    /// <summary>SET and REMOVE, one behind the other.</summary>
    /// <exception cref="SqlSyntaxException">The text is no action.</exception>
    public static IReadOnlyList<Func<MessageProperties, MessageProperties>> Statements(string text)
    {
        var parser = new SqlParser(text);
        List<Func<MessageProperties, MessageProperties>> statements = [];
        while (parser.Current.Kind != SqlTokenKind.End)
        {
            statements.Add(parser.Statement());
            while (parser.Take(";")) { }
        }

        return statements.Count > 0 ? statements : throw parser.Unexpected("SET or REMOVE");
    }

    private Func<MessageProperties, MessageProperties> Statement()
    {
        if (Take("SET"))
        {
            var target = Target();
            Expect("=");
            var value = Or();
            return message => target.Set(message, value(message));
        }

        if (!Take("REMOVE"))
        {
            throw Unexpected("SET or REMOVE");
        }

        var removed = Target();
        return removed.RemoveFrom;
    }

    private SqlProperty Target()
    {
        var position = Current.Position;
        var property = Property();
        return property.CanBeSet
            ? property
            : throw new SqlSyntaxException(
                $"sys.{property.Name} cannot be changed; SET and REMOVE take {string.Join(", ", SqlProperty.SettableNames)},",
                position
            );
    }

    private SqlExpression Or()
    {
        var left = And();
        while (Take("OR"))
        {
            var (one, other) = (left, And());
            left = message => SqlValues.Or(one(message) as bool?, other(message) as bool?);
        }

        return left;
    }

    private SqlExpression And()
    {
        var left = Not();
        while (Take("AND"))
        {
            var (one, other) = (left, Not());
            left = message => SqlValues.And(one(message) as bool?, other(message) as bool?);
        }

        return left;
    }

    private SqlExpression Not()
    {
        if (Take("NOT"))
        {
            var inner = Not();
            return message => !(inner(message) as bool?);
        }

        return Comparison();
    }

    private SqlExpression Comparison()
    {
        var left = Sum();
        if (Comparisons.FirstOrDefault(Take) is { } comparison)
        {
            var right = Sum();
            return message => SqlValues.Compare(comparison, left(message), right(message));
        }

        if (Take("IS"))
        {
            var wantsValue = Take("NOT");
            Expect("NULL");
            return message => left(message) is not null == wantsValue;
        }

        var negated = Take("NOT");
        SqlExpression? test =
            Take("IN") ? In(left)
            : Take("LIKE") ? Like(left)
            : null;
        if (test is null)
        {
            return negated ? throw Unexpected("IN or LIKE") : left;
        }

        return negated ? message => !(test(message) as bool?) : test;
    }

    private SqlExpression In(SqlExpression value)
    {
        Expect("(");
        List<SqlExpression> items = [Sum()];
        while (Take(","))
        {
            items.Add(Sum());
        }

        Expect(")");
        return message =>
            items
                .Select(item => SqlValues.Compare("=", value(message), item(message)))
                .Aggregate((bool?)false, SqlValues.Or);
    }

    private SqlExpression Like(SqlExpression value)
    {
        var pattern = Text();
        char? escape = null;
        if (Take("ESCAPE"))
        {
            var position = Current.Position;
            escape = Text() is [var only] ? only : throw new SqlSyntaxException("ESCAPE takes one character", position);
        }

        var regex = SqlValues.Pattern(pattern, escape);
        return message => value(message) is string text ? regex.IsMatch(text) : null;
    }

    private SqlExpression Sum() => Chain(Product, ["+", "-"]);

    private SqlExpression Product() => Chain(Sign, ["*", "/", "%"]);

    private SqlExpression Chain(Func<SqlExpression> operand, string[] operators)
    {
        var left = operand();
        while (operators.FirstOrDefault(Take) is { } operation)
        {
            var (one, other) = (left, operand());
            left = message => SqlValues.Compute(operation[0], one(message), other(message));
        }

        return left;
    }

    private SqlExpression Sign()
    {
        if (Take("-"))
        {
            var inner = Sign();
            return message => SqlValues.Compute('-', 0L, inner(message));
        }

        return Take("+") ? Sign() : Primary();
    }

    private SqlExpression Primary()
    {
        if (Take("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        if (Take("EXISTS"))
        {
            Expect("(");
            var property = Property();
            Expect(")");
            return message => property.IsIn(message);
        }

        var token = Current;
        object? constant = token switch
        {
            { Kind: SqlTokenKind.Text } => token.Text,
            { Kind: SqlTokenKind.Number } => token.Value,
            _ when token.Is("TRUE") => true,
            _ when token.Is("FALSE") => false,
            _ => null,
        };
        if (constant is not null || token.Is("NULL"))
        {
            index++;
            return _ => constant;
        }

        var named = Property();
        return named.Of;
    }

    private SqlProperty Property()
    {
        var start = Current.Position;
        var first = Name();
        if (!Take("."))
        {
            return new SqlProperty(IsSystem: false, first);
        }

        var property = new SqlProperty(first.Equals("sys", StringComparison.OrdinalIgnoreCase), Name());
        if (!property.IsSystem && !first.Equals("user", StringComparison.OrdinalIgnoreCase))
        {
            throw new SqlSyntaxException($"'{first}' is no scope: use sys or user", start);
        }

        return property.Exists
            ? property
            : throw new SqlSyntaxException(
                $"sys.{property.Name} is not known; known are {string.Join(", ", SqlProperty.SystemNames)},",
                start
            );
    }

    private string Name()
    {
        if (Current.Kind is not (SqlTokenKind.Word or SqlTokenKind.Name))
        {
            throw Unexpected("a property or a constant");
        }

        return tokens[index++].Text;
    }

    private string Text() =>
        Current.Kind == SqlTokenKind.Text ? tokens[index++].Text : throw Unexpected("a text in single quotes");

    private bool Take(string word)
    {
        if (!Current.Is(word))
        {
            return false;
        }

        index++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            throw Unexpected(word);
        }
    }

    private SqlSyntaxException Unexpected(string expected) =>
        new(
            $"Expected {expected}, not {(Current.Kind == SqlTokenKind.End ? "the end" : $"'{Current.Text}'")}",
            Current.Position
        );
}
