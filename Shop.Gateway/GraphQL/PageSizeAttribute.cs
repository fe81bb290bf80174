using GraphQL;
using GraphQL.Types;
using Shop.ServiceDefaults;

namespace Shop.Gateway.GraphQL;

/// <summary>
/// Holds a page's size in its limits before anything is counted or asked: by it a list's cost is multiplied, and a negative
/// one would pay for others.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class PageSizeAttribute : GraphQLAttribute
{
    public override void Modify(QueryArgument queryArgument) =>
        queryArgument.Validate(value =>
        {
            if (value is not (int and >= 1 and <= Paging.MaxPageSize))
            {
                throw new ArgumentException($"Must be from 1 to {Paging.MaxPageSize}.");
            }
        });
}
