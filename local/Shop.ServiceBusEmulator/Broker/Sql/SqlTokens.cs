using System.Globalization;
using System.Text;

namespace Shop.ServiceBusEmulator.Broker.Sql;

internal enum SqlTokenKind
{
    /// <summary>A bare word: a keyword, or a name.</summary>
    Word,

    /// <summary>A name in brackets or double quotes, which is never a keyword.</summary>
    Name,
    Text,
    Number,
    Symbol,
    End,
}

/// <summary>One token; a number's value is a <see cref="long"/> or a <see cref="double"/>.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Position, object? Value = null)
{
    public bool Is(string word) =>
        Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Splits an expression of a rule into tokens.</summary>
internal static class SqlTokens
{
    // Azure's limit, which also bounds how deep the parser can get.
    private const int MaxLength = 1024;

    /// <exception cref="SqlSyntaxException">The expression is too long, or has a character that means nothing.</exception>
    public static List<SqlToken> Of(string expression)
    {
        if (expression.Length > MaxLength)
        {
            throw new SqlSyntaxException($"The expression has more than {MaxLength} characters", MaxLength);
        }

        List<SqlToken> tokens = [];
        var position = 0;
        while (true)
        {
            while (position < expression.Length && char.IsWhiteSpace(expression[position]))
            {
                position++;
            }

            if (position == expression.Length)
            {
                tokens.Add(new(SqlTokenKind.End, "", position));
                return tokens;
            }

            tokens.Add(Next(expression, ref position));
        }
    }

    private static SqlToken Next(string text, ref int position)
    {
        var start = position;
        var first = text[start];
        switch (first)
        {
            case '\'':
                return new(SqlTokenKind.Text, Delimited(text, ref position, '\''), start);
            case '"':
                return new(SqlTokenKind.Name, Delimited(text, ref position, '"'), start);
            case '[':
                return new(SqlTokenKind.Name, Delimited(text, ref position, ']'), start);
        }

        if (char.IsLetter(first) || first is '_' or '$')
        {
            position = End(text, start, c => char.IsLetterOrDigit(c) || c is '_' or '$');
            return new(SqlTokenKind.Word, text[start..position], start);
        }

        if (char.IsAsciiDigit(first) || (first == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
        {
            return Number(text, ref position);
        }

        var two = start + 1 < text.Length ? text.Substring(start, 2) : "";
        var symbol = two is "<>" or "!=" or "<=" or ">=" ? two : first.ToString();
        position += symbol.Length;
        return symbol.Length == 2 || "=<>+-*/%(),.;".Contains(first)
            ? new(SqlTokenKind.Symbol, symbol, start)
            : throw new SqlSyntaxException($"'{first}' means nothing here", start);
    }

    private static string Delimited(string text, ref int position, char end)
    {
        var start = position++;
        var content = new StringBuilder();
        while (position < text.Length)
        {
            var current = text[position++];
            if (current != end)
            {
                content.Append(current);
            }
            else if (position < text.Length && text[position] == end)
            {
                content.Append(end);
                position++;
            }
            else
            {
                return content.ToString();
            }
        }

        throw new SqlSyntaxException($"{text[start]} is never closed", start);
    }

    private static SqlToken Number(string text, ref int position)
    {
        var start = position;
        position = End(text, start, c => char.IsAsciiDigit(c) || c == '.');
        if (position < text.Length && text[position] is 'e' or 'E')
        {
            var digits = position + 1 < text.Length && text[position + 1] is '+' or '-' ? position + 2 : position + 1;
            position = End(text, digits, char.IsAsciiDigit);
        }

        var number = text[start..position];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
                ? new(SqlTokenKind.Number, number, start, whole)
            : double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                ? new(SqlTokenKind.Number, number, start, real)
            : throw new SqlSyntaxException($"'{number}' is no number", start);
    }

    private static int End(string text, int position, Func<char, bool> belongs)
    {
        while (position < text.Length && belongs(text[position]))
        {
            position++;
        }

        return position;
    }
}
