using GraphQL.Validation;
using GraphQL.Validation.Errors.Custom;
using GraphQLParser.AST;
using GraphQLParser.Visitors;

namespace Shop.Gateway.GraphQL;

/// <summary>
/// Refuses a query that is too large with every fragment written out where it is used. To look at such a query takes longer
/// than to answer it: some of the other rules compare each field with each, or follow a fragment as often as it is used, and
/// no time limit ends them.
/// </summary>
internal sealed class SizeLimit : ValidationRuleBase
{
    /// <summary>A field has two at least, itself and its name. What tools ask to read the whole schema has fewer.</summary>
    private const int MaxNodes = 2_000;

    private static readonly Counter Nodes = new();

    /// <inheritdoc />
    public override async ValueTask<INodeVisitor?> GetPreNodeVisitorAsync(ValidationContext context)
    {
        var count = new Count(context);
        await Nodes.VisitAsync(context.Document, count);
        return count.IsFull
            // Not reported but thrown: no other rule gets to see the query.
            ? throw new ComplexityError(
                $"The query is too large: with its fragments written out it has more than {MaxNodes} nodes; {MaxNodes} are allowed. Ask for less, or in several queries."
            )
            : null;
    }

    private sealed class Count(ValidationContext query) : IASTVisitorContext
    {
        private int nodes;

        public CancellationToken CancellationToken => query.CancellationToken;

        public bool IsFull => nodes > MaxNodes;

        public void Add() => nodes++;

        public GraphQLFragmentDefinition? Find(GraphQLFragmentName name) =>
            query
                .Document.Definitions.OfType<GraphQLFragmentDefinition>()
                .FirstOrDefault(one => one.FragmentName.Name.Value == name.Name.Value);
    }

    private sealed class Counter : ASTVisitor<Count>
    {
        public override ValueTask VisitAsync(ASTNode? node, Count context)
        {
            if (node is null || context.IsFull)
            {
                return default;
            }

            context.Add();
            return base.VisitAsync(node, context);
        }

        protected override async ValueTask VisitFragmentSpreadAsync(GraphQLFragmentSpread fragmentSpread, Count context)
        {
            await base.VisitFragmentSpreadAsync(fragmentSpread, context);
            await VisitAsync(context.Find(fragmentSpread.FragmentName)?.SelectionSet, context);
        }
    }
}
