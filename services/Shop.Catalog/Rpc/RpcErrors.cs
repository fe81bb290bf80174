using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Shop.Catalog.Rpc;

/// <summary>What goes wrong as gRPC's status codes, with details in Google's richer error model.</summary>
internal static class RpcErrors
{
    /// <summary>INVALID_ARGUMENT that names the field and its rule.</summary>
    public static RpcException Invalid(string field, string rule)
    {
        var request = new BadRequest();
        request.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = rule });
        return new Status
        {
            Code = (int)Code.InvalidArgument,
            Message = $"{field} {rule}",
            Details = { Any.Pack(request) },
        }.ToRpcException();
    }

    public static RpcException NotFound(Guid id) =>
        new(new Grpc.Core.Status(StatusCode.NotFound, $"No product has the id {id}."));

    public static RpcException Unavailable() =>
        new(
            new Grpc.Core.Status(
                StatusCode.Unavailable,
                "The catalogue cannot reach its data; repeat the call in a moment."
            )
        );

    public static RpcException Internal() =>
        new(new Grpc.Core.Status(StatusCode.Internal, "This is a fault of the catalogue; its log has the trace."));
}
