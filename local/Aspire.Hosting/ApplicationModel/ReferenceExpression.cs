using System.Globalization;
using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with holes that are filled with other resources' values when the application runs.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>The expression without text.</summary>
    public static readonly ReferenceExpression Empty = new("", [], [], []);

    private readonly string[] _manifestExpressions;
    private readonly string?[] _stringFormats;

    private ReferenceExpression(
        string format,
        IValueProvider[] providers,
        string[] manifestExpressions,
        string?[] stringFormats
    )
    {
        Format = format;
        ValueProviders = providers;
        _manifestExpressions = manifestExpressions;
        _stringFormats = stringFormats;
    }

    private ReferenceExpression(
        IValueProvider condition,
        string matchValue,
        ReferenceExpression whenTrue,
        ReferenceExpression whenFalse
    )
        : this("", [condition], [], [])
    {
        Condition = condition;
        MatchValue = matchValue;
        WhenTrue = whenTrue;
        WhenFalse = whenFalse;
    }

    /// <summary>The composite format string; <c>{0}</c> stands for the first value.</summary>
    public string Format { get; }

    /// <summary>The values, in the order of the format string's holes.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <summary>The values' manifest expressions.</summary>
    public IReadOnlyList<string> ManifestExpressions => _manifestExpressions;

    /// <summary>How each value is encoded: <c>uri</c> or nothing.</summary>
    public IReadOnlyList<string?> StringFormats => _stringFormats;

    /// <summary>The value on which a conditional expression depends.</summary>
    public IValueProvider? Condition { get; }

    /// <summary>Whether the expression is one of two, depending on <see cref="Condition" />.</summary>
    public bool IsConditional => Condition is not null;

    /// <summary>The condition's value that selects <see cref="WhenTrue" />.</summary>
    public string? MatchValue { get; }

    /// <summary>The expression when the condition matches.</summary>
    public ReferenceExpression? WhenTrue { get; }

    /// <summary>The expression when the condition does not match.</summary>
    public ReferenceExpression? WhenFalse { get; }

    /// <inheritdoc />
    public string ValueExpression =>
        IsConditional
            ? WhenTrue!.ValueExpression
            : string.Format(CultureInfo.InvariantCulture, Format, [.. _manifestExpressions]);

    IEnumerable<object> IValueWithReferences.References =>
        IsConditional ? [Condition!, WhenTrue!, WhenFalse!] : ValueProviders;

    /// <summary>Creates an expression from an interpolated string.</summary>
    /// <param name="handler">The interpolated string.</param>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    /// <summary>Creates an expression that is one of two.</summary>
    /// <param name="condition">The value to look at.</param>
    /// <param name="matchValue">The value that selects <paramref name="whenTrue" />.</param>
    /// <param name="whenTrue">The expression when it matches.</param>
    /// <param name="whenFalse">The expression when it does not.</param>
    public static ReferenceExpression CreateConditional(
        IValueProvider condition,
        string matchValue,
        ReferenceExpression whenTrue,
        ReferenceExpression whenFalse
    ) => new(condition, matchValue, whenTrue, whenFalse);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) =>
        GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        if (Condition is not null)
        {
            var actual = await Condition.GetValueAsync(context, cancellationToken);
            var chosen = string.Equals(actual, MatchValue, StringComparison.OrdinalIgnoreCase) ? WhenTrue! : WhenFalse!;
            return await chosen.GetValueAsync(context, cancellationToken);
        }

        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(context, cancellationToken);
            values[i] = _stringFormats[i] is "uri" ? Uri.EscapeDataString(value ?? "") : value;
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    internal static ReferenceExpression Create(
        string format,
        IReadOnlyList<IValueProvider> providers,
        IReadOnlyList<string> manifestExpressions,
        IReadOnlyList<string?> stringFormats
    ) => new(format, [.. providers], [.. manifestExpressions], [.. stringFormats]);

    /// <summary>Turns an interpolated string into an expression.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        private readonly ReferenceExpressionBuilder _builder = new();

        /// <summary>Called by the compiler.</summary>
        /// <param name="literalLength">Length of the text.</param>
        /// <param name="formattedCount">Number of holes.</param>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) { }

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendLiteral(string value) => _builder.AppendLiteral(value);

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        /// <param name="format">How it is encoded: <c>uri</c> or nothing.</param>
        public readonly void AppendFormatted(string? value, string? format = null) =>
            _builder.AppendFormatted(value, format);

        /// <summary>Adds a value.</summary>
        /// <typeparam name="T">The value's type.</typeparam>
        /// <param name="valueProvider">The value.</param>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider, null);

        /// <summary>Adds a value.</summary>
        /// <typeparam name="T">The value's type.</typeparam>
        /// <param name="valueProvider">The value.</param>
        /// <param name="format">How it is encoded: <c>uri</c> or nothing.</param>
        public void AppendFormatted<T>(T valueProvider, string? format = null)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider, format);

        /// <summary>Adds a resource's value.</summary>
        /// <typeparam name="T">The resource's type.</typeparam>
        /// <param name="valueProvider">The resource.</param>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            _builder.AppendFormatted(valueProvider.Resource, null);

        /// <summary>Adds a resource's value.</summary>
        /// <typeparam name="T">The resource's type.</typeparam>
        /// <param name="valueProvider">The resource.</param>
        /// <param name="format">How it is encoded: <c>uri</c> or nothing.</param>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            _builder.AppendFormatted(valueProvider.Resource, format);

        internal readonly ReferenceExpression Build() => _builder.Build();
    }
}
