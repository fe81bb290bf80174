using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Puts an expression together piece by piece.</summary>
public class ReferenceExpressionBuilder
{
    private readonly StringBuilder _format = new();
    private readonly List<IValueProvider> _providers = [];
    private readonly List<string> _manifestExpressions = [];
    private readonly List<string?> _stringFormats = [];

    /// <summary>Whether nothing has been added.</summary>
    public bool IsEmpty => _format.Length == 0;

    /// <summary>Adds an interpolated string.</summary>
    /// <param name="handler">The interpolated string.</param>
    public void Append(
        [InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler
    ) => handler.EnsureAppendedTo(this);

    /// <summary>Adds text.</summary>
    /// <param name="value">The text.</param>
    public void AppendLiteral(string value) =>
        _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    /// <summary>Adds text.</summary>
    /// <param name="value">The text.</param>
    public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

    /// <summary>Adds text.</summary>
    /// <param name="value">The text.</param>
    /// <param name="format">How it is encoded: <c>uri</c> or nothing.</param>
    public void AppendFormatted(string? value, string? format = null) =>
        AppendLiteral(format is "uri" ? Uri.EscapeDataString(value ?? "") : value ?? "");

    /// <summary>Adds a value.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="valueProvider">The value.</param>
    public void AppendFormatted<T>(T valueProvider)
        where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, null);

    /// <summary>Adds a value.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="valueProvider">The value.</param>
    /// <param name="format">How it is encoded: <c>uri</c> or nothing.</param>
    public void AppendFormatted<T>(T valueProvider, string? format)
        where T : IValueProvider, IManifestExpressionProvider
    {
        _format.Append(CultureInfo.InvariantCulture, $"{{{_providers.Count}}}");
        _providers.Add(valueProvider);
        _manifestExpressions.Add(valueProvider.ValueExpression);
        _stringFormats.Add(format);
    }

    /// <summary>The expression.</summary>
    public ReferenceExpression Build() =>
        ReferenceExpression.Create(_format.ToString(), _providers, _manifestExpressions, _stringFormats);

    /// <summary>Adds an interpolated string to a builder.</summary>
    [InterpolatedStringHandler]
    public ref struct ReferenceExpressionBuilderInterpolatedStringHandler
    {
        private readonly ReferenceExpressionBuilder _builder;

        /// <summary>Called by the compiler.</summary>
        /// <param name="literalLength">Length of the text.</param>
        /// <param name="formattedCount">Number of holes.</param>
        /// <param name="builder">The builder to add to.</param>
        public ReferenceExpressionBuilderInterpolatedStringHandler(
            int literalLength,
            int formattedCount,
            ReferenceExpressionBuilder builder
        ) => _builder = builder;

        // The compiler has appended everything by the time the handler is passed on.
        internal readonly void EnsureAppendedTo(ReferenceExpressionBuilder builder) =>
            ArgumentOutOfRangeException.ThrowIfNotEqual(_builder, builder);

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendLiteral(string value) => _builder.AppendLiteral(value);

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        /// <param name="format">How it is encoded: <c>uri</c> or nothing.</param>
        public void AppendFormatted(string? value, string format) => _builder.AppendFormatted(value, format);

        /// <summary>Adds a value.</summary>
        /// <typeparam name="T">The value's type.</typeparam>
        /// <param name="valueProvider">The value.</param>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider, null);

        /// <summary>Adds a value.</summary>
        /// <typeparam name="T">The value's type.</typeparam>
        /// <param name="valueProvider">The value.</param>
        /// <param name="format">How it is encoded: <c>uri</c> or nothing.</param>
        public void AppendFormatted<T>(T valueProvider, string? format)
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
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            _builder.AppendFormatted(valueProvider.Resource, format);
    }
}
