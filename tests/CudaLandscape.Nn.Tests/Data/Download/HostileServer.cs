using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CudaLandscape.Nn.Data.Download;

namespace CudaLandscape.Nn.Tests.Data.Download;

/// <summary>
/// An https server in this process that answers what the test tells it, byte for byte. Its certificate is its own and is
/// trusted by <see cref="Handler"/> only.
/// </summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly Func<Request, Stream, Task> _answer;
    private readonly List<Request> _requests = [];
    private readonly Task _loop;

    /// <summary>Starts; the answer gets each request and the connection, which closes behind it.</summary>
    public HostileServer(Func<Request, Stream, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = Accept();
    }

    /// <summary>What was asked for so far.</summary>
    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public Uri Address(string path) => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/{path}");

    /// <summary>A client's handler that trusts this server's certificate and no other.</summary>
    public SocketsHttpHandler Handler()
    {
        SocketsHttpHandler handler = HttpsSource.StandardHandler();
        handler.UseProxy = false;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate?.GetCertHashString(HashAlgorithmName.SHA256) == _certificate.GetCertHashString(HashAlgorithmName.SHA256);
        return handler;
    }

    /// <summary>Status line and header lines.</summary>
    public static Task Head(Stream stream, int status, params string[] headers) =>
        Send(stream, Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nConnection: close\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n"));

    /// <summary>Bytes, at once on their way.</summary>
    public static async Task Send(Stream stream, ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }

    /// <summary>The right answer, a range where one is asked for.</summary>
    public static async Task SendFile(Request request, Stream stream, byte[] file)
    {
        int begin = request.RangeBegin ?? 0;
        string length = $"Content-Length: {file.Length - begin}";
        if (begin == 0) await Head(stream, 200, length);
        else await Head(stream, 206, length, $"Content-Range: bytes {begin}-{file.Length - 1}/{file.Length}");
        await Send(stream, file.AsMemory(begin));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _loop;
        _certificate.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        List<Task> open = [];
        try
        {
            while (true) open.Add(Serve(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception) when (_end.IsCancellationRequested)
        {
            await Task.WhenAll(open);
        }
    }

    // A client that goes away is what many tests want.
    private async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            using (SslStream stream = new(client.GetStream()))
            {
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                Request request = await Request.Read(stream, Requests.Count, _end.Token);
                lock (_requests) _requests.Add(request);
                await _answer(request, stream).WaitAsync(_end.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    /// <summary>A request: how many came before it, its path, and the first byte of the range asked for.</summary>
    internal sealed record Request(int Number, string Path, int? RangeBegin)
    {
        public static async Task<Request> Read(Stream stream, int number, CancellationToken cancellation)
        {
            StringBuilder head = new();
            byte[] one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, cancellation) == 1)
                _ = head.Append((char)one[0]);
            if (head.Length == 0) throw new IOException("the client went away");
            string[] lines = head.ToString().Split("\r\n");
            string? range = lines.FirstOrDefault(line => line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase));
            return new Request(number, lines[0].Split(' ')[1].TrimStart('/'), range is null ? null : int.Parse(range.Split('=')[1].TrimEnd('-')));
        }
    }
}
