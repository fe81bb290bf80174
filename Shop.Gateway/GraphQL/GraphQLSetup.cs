using GraphQL;
using GraphQL.Execution;
using GraphQL.Validation.Rules.Custom;
using GraphQLParser.Exceptions;

namespace Shop.Gateway.GraphQL;

/// <summary>GraphQL as the shop offers it: queries only, with limits on what one request may cost.</summary>
internal static partial class GraphQLSetup
{
    /// <summary>
    /// A field counts one, in a list as often as the list may be long; a list inside of a list, 20 times. That is about how
    /// many values the answer has, since what lists refer to is read in batches. All four lists have room in
    /// one query, each with all its fields at the largest page size.
    /// </summary>
    public const int MaxComplexity = 40_000;

    /// <summary>Deeper than any sensible query of the schema; tools that read the schema need 15.</summary>
    public const int MaxDepth = 15;

    private const int MaxParallelFields = 8;

    /// <summary>What the parser allows unless told otherwise; it counts selections and what is in them.</summary>
    private const int ParserDepth = 128;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public static void AddShopGraphQL(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<ProductLoader>();
        builder.Services.AddScoped<InvoiceLoader>();
        builder.Services.AddGraphQL(graphql =>
        {
            graphql
                .AddAutoSchema<Query>()
                .AddSystemTextJson()
                .AddValidationRule<SizeLimit>()
                .AddComplexityAnalyzer(complexity =>
                {
                    complexity.MaxComplexity = MaxComplexity;
                    complexity.MaxDepth = MaxDepth;
                })
                .AddErrorInfoProvider(errors =>
                {
                    errors.ExposeExceptionDetails = false;
                    errors.ExposeCodes = false;
                    errors.ExposeData = false;
                })
                .AddUnhandledExceptionHandler(Hide)
                .WithTimeout(Timeout)
                .ConfigureExecutionOptions(options => options.MaxParallelExecutionCount = MaxParallelFields);
            // Outside of Development nobody is told what else there is to ask.
            if (!builder.Environment.IsDevelopment())
            {
                graphql.AddValidationRule<NoIntrospectionValidationRule>();
            }
        });
    }

    /// <summary>
    /// A fault of ours goes to the log; the caller learns no more than which field it hit. That a query is nested too deep for
    /// the parser is no fault of ours.
    /// </summary>
    private static void Hide(UnhandledExceptionContext context)
    {
        if (context.OriginalException is GraphQLMaxDepthExceededException)
        {
            context.ErrorMessage =
                $"The query is too nested to be read: it has more than {ParserDepth} levels, and fields may have {MaxDepth}. Ask for less, or in several queries.";
            return;
        }

        var logger = context.ExecutionOptions.RequestServices!.GetRequiredService<ILogger<Query>>();
        Log.Failed(logger, context.FieldContext?.FieldDefinition.Name, context.OriginalException);
        context.Exception = new InvalidOperationException();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The GraphQL field {Field} failed")]
        public static partial void Failed(ILogger logger, string? field, Exception exception);
    }
}
