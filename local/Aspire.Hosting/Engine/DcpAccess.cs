namespace Aspire.Hosting.Engine;

/// <summary>The connection to DCP, once it is started.</summary>
internal sealed class DcpAccess
{
    public DcpSession? Session { get; set; }

    public DcpClient Client =>
        Session?.Client ?? throw new DistributedApplicationException("Aspire's engine (DCP) is not started.");
}
