using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s;

namespace Aspire.Hosting.Engine;

/// <summary>A DCP of our own: it starts and watches processes, and ends them and itself when we are gone.</summary>
internal sealed class DcpSession : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    // The processes' environment is ours, except for what describes this process only.
    private static readonly string[] NotInherited =
    [
        "ASPNETCORE_URLS",
        "ASPNETCORE_ENVIRONMENT",
        "DOTNET_ENVIRONMENT",
        "DOTNET_LAUNCH_PROFILE",
    ];

    private readonly string _folder;
    private readonly X509Certificate2 _certificate;

    private DcpSession(string folder, X509Certificate2 certificate, DcpClient client)
    {
        _folder = folder;
        _certificate = certificate;
        Client = client;
    }

    public DcpClient Client { get; }

    /// <summary>Waits until DCP has removed its folder, the last thing that it does.</summary>
    public async Task WaitForEnd(CancellationToken cancellationToken)
    {
        while (Directory.Exists(_folder))
        {
            await Task.Delay(Poll, cancellationToken);
        }

        DcpRemains.Kill(_folder);
    }

    /// <summary>Starts DCP.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be started, or does not answer.</exception>
    public static async Task<DcpSession> Start(string dcp, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("shop-dcp-").FullName;
        var certificate = CreateCertificate(folder);
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        await Launch(dcp, folder, kubeconfig, cancellationToken);
        return new DcpSession(folder, certificate, await Connect(dcp, kubeconfig, certificate, cancellationToken));
    }

    public void Dispose()
    {
        Client.Dispose();
        _certificate.Dispose();
    }

    private static async Task Launch(string dcp, string folder, string kubeconfig, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(dcp)
        {
            ArgumentList =
            {
                "start-apiserver",
                "--monitor",
                Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
                "--monitor-interval",
                "1",
                "--detach",
                "--kubeconfig",
                kubeconfig,
                "--tls-cert-file",
                Path.Combine(folder, "dcp.crt"),
                "--tls-key-file",
                Path.Combine(folder, "dcp.key"),
            },
            Environment = { ["DCP_SESSION_FOLDER"] = folder },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in NotInherited)
        {
            start.Environment.Remove(name);
        }

        try
        {
            using var process =
                Process.Start(start) ?? throw new DistributedApplicationException($"'{dcp}' was not started.");
            await process.WaitForExitAsync(cancellationToken).WaitAsync(StartLimit, cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new DistributedApplicationException(
                    $"Aspire's engine '{dcp}' ended with exit code {process.ExitCode} when it was started; run it by hand to see why."
                );
            }
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new DistributedApplicationException(
                $"Aspire's engine '{dcp}' cannot be started ({exception.Message}); delete 'artifacts/aspire-bundle' and start again.",
                exception
            );
        }
        catch (TimeoutException)
        {
            throw NoAnswer(dcp);
        }
    }

    private static async Task<DcpClient> Connect(
        string dcp,
        string kubeconfig,
        X509Certificate2 certificate,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            // DCP writes the file when it listens, so there is nothing to wait for but the file.
            while (!File.Exists(kubeconfig) || new FileInfo(kubeconfig).Length == 0)
            {
                await Task.Delay(Poll, limit.Token);
            }

            var access = await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(new FileInfo(kubeconfig));
            return new DcpClient(new Uri(access.Host), access.AccessToken, certificate);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NoAnswer(dcp);
        }
    }

    private static DistributedApplicationException NoAnswer(string dcp) =>
        new(
            $"Aspire's engine '{dcp}' did not answer within {StartLimit.TotalSeconds} s; end other programs that use the processor and start again."
        );

    // DCP would make an RSA key of 4096 bits, which takes seconds; this takes none.
    private static X509Certificate2 CreateCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        File.WriteAllText(Path.Combine(folder, "dcp.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "dcp.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
