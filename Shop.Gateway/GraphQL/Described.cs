using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Shop.Gateway.GraphQL;

/// <summary>What is asked, as the draft "GraphQL over HTTP" has it; the API's description shows it.</summary>
/// <param name="Query">A GraphQL document.</param>
/// <param name="OperationName">Which operation of the document, if it has several.</param>
/// <param name="Variables">Values for its variables.</param>
/// <param name="Extensions">Not used.</param>
internal sealed record GraphQLQuestion(
    string Query,
    string? OperationName = null,
    JsonObject? Variables = null,
    JsonObject? Extensions = null
)
{
    public static readonly GraphQLQuestion Example = new(
        "query ($size: Int) { products(first: $size) { items { id name price stock } } }",
        Variables: new JsonObject { ["size"] = 3 }
    );
}

/// <summary>What came of it.</summary>
/// <param name="Data">As the query is formed; null where a field failed.</param>
/// <param name="Errors">What failed, and where.</param>
internal sealed record GraphQLAnswer(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonObject? Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<GraphQLFailure>? Errors
);

/// <summary>A field that failed, or what is wrong with the query.</summary>
/// <param name="Message">In words.</param>
/// <param name="Locations">Where in the query.</param>
/// <param name="Path">Where in the answer: names of fields, and indices in lists.</param>
/// <param name="Extensions">A code for programs.</param>
internal sealed record GraphQLFailure(
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<GraphQLLocation>? Locations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<JsonNode>? Path,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonObject? Extensions
);

/// <summary>A place in the query; both count from 1.</summary>
internal sealed record GraphQLLocation(int Line, int Column);
