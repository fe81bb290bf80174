using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary>
/// Reads a command's JSON body by hand, because the framework's own answer to a bad one names no field and may repeat
/// what was sent.
/// </summary>
internal static partial class OrderBody
{
    /// <summary>100 lines and an address fit in a fraction of this.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    private static readonly JsonDocumentOptions StrictDocument = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    public static async Task<(T? Body, ProblemHttpResult? Problem)> ReadAsync<T>(
        HttpRequest request,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (
                null,
                OrderProblems.Of(
                    StatusCodes.Status415UnsupportedMediaType,
                    "unsupported-media-type",
                    "The body is not JSON",
                    "Send Content-Type: application/json."
                )
            );
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, StrictDocument, cancellationToken);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (document.Deserialize<T>(Strict), null)
                : (null, Malformed("The body has to be a JSON object."));
        }
        catch (JsonException e) when (e.Path is { } path && FieldPath().Match(path) is { Success: true } field)
        {
            return (null, WrongField(field.Groups["field"].Value, (e as BrokenRuleException)?.Message));
        }
        catch (JsonException e)
        {
            return (null, Malformed($"The body is not valid JSON (line {e.LineNumber + 1})."));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (
                null,
                OrderProblems.Of(
                    e.StatusCode,
                    "body-too-large",
                    "The body is too large",
                    $"Send at most {MaxBytes} bytes."
                )
            );
        }
    }

    private static ProblemHttpResult Malformed(string detail) =>
        OrderProblems.Of(StatusCodes.Status400BadRequest, "malformed-json", "The body cannot be read", detail);

    private static ProblemHttpResult WrongField(string field, string? rule)
    {
        if (CardData.HasCardNumber(field))
        {
            return Malformed("The body has a member that does not belong there.");
        }

        var violation =
            CardData.IsCardMember(field[(field.LastIndexOf('.') + 1)..]) ? OrderValidation.CardDataRefused(field)
            : rule is not null ? new Violation(field, "invalid-quantity", rule)
            : new Violation(
                field,
                "invalid-json-member",
                "Has a value of the wrong type or size, or is a member that is not known here."
            );
        return OrderProblems.Invalid([violation]);
    }

    [GeneratedRegex(@"^\$\.(?<field>[A-Za-z0-9_.\[\]]{1,100})$", RegexOptions.CultureInvariant)]
    private static partial Regex FieldPath();
}
