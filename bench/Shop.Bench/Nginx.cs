using System.ComponentModel;
using System.Diagnostics;
using Shop.EmbeddedPostgres;

namespace Shop.Bench;

/// <summary>
/// nginx as a bare reverse proxy, which does nothing but pass requests on over connections that it keeps; in a folder of its
/// own that goes with it.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string _folder;

    private Nginx(Process process, string folder, Uri address) =>
        (_process, _folder, Address) = (process, folder, address);

    public Uri Address { get; }

    /// <returns>Null, after a sentence, when it is not installed.</returns>
    public static async Task<Nginx?> StartAsync(Uri upstream, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("shop-bench-nginx-").FullName;
        var port = FreePort.Next();
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nginx.conf"),
            Configuration(folder, port, upstream),
            cancellationToken
        );
        try
        {
            var process = Process.Start(
                new ProcessStartInfo("nginx", ["-p", folder, "-e", "error.log", "-c", "nginx.conf"])
            )!;
            var nginx = new Nginx(process, folder, new Uri($"http://127.0.0.1:{port}"));
            await Listening.UntilAsync(
                "nginx",
                port,
                s_startLimit,
                () => process.HasExited ? "It said why above." : null,
                cancellationToken
            );
            return nginx;
        }
        catch (Win32Exception)
        {
            Directory.Delete(folder, recursive: true);
            Console.WriteLine("nginx is not installed (Debian: nginx); its figures are left out.");
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The master ends, and its workers see that it is gone.
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(string folder, int port, Uri upstream) =>
        $$"""
            daemon off;
            worker_processes auto;
            pid {{folder}}/nginx.pid;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/proxy;
                fastcgi_temp_path {{folder}}/fastcgi;
                uwsgi_temp_path {{folder}}/uwsgi;
                scgi_temp_path {{folder}}/scgi;
                keepalive_requests 1000000000;
                upstream catalog {
                    server {{upstream.Host}}:{{upstream.Port}};
                    keepalive 256;
                    keepalive_requests 1000000000;
                }
                server {
                    listen 127.0.0.1:{{port}};
                    location / {
                        proxy_pass http://catalog;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                    }
                }
            }
            """;
}
