using System.Net;
using System.Net.Http.Headers;

namespace CudaLandscape.Nn.Data.Download;

/// <summary>Asks for a file from some byte on, over https only: an answer that redirects elsewhere is refused.</summary>
internal sealed class HttpsSource(HttpMessageHandler handler, DownloadLimits limits) : IDisposable
{
    private readonly HttpClient _client = new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Handler for servers of the world: certificates checked, proxies as the environment says, redirects left to us.</summary>
    internal static SocketsHttpHandler StandardHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        UseCookies = false,
    };

    /// <summary>The answer, its head read and checked, and the byte that its body begins with: the one asked for, or 0.</summary>
    /// <exception cref="DownloadException">The answer is not of use.</exception>
    internal async Task<(HttpResponseMessage Response, long Begin)> Open(Uri address, long begin, long total, CancellationToken cancellation)
    {
        HttpResponseMessage response = await Follow(address, begin, cancellation).ConfigureAwait(false);
        try
        {
            long first = FirstByte(response, begin, total);
            Check(response, total - first);
            return (response, first);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> Follow(Uri address, long begin, CancellationToken cancellation)
    {
        for (int i = 0; i <= limits.Redirects; i++)
        {
            if (address.Scheme != Uri.UriSchemeHttps) throw new DownloadException($"{address} is not https");
            HttpResponseMessage response = await Ask(address, begin, cancellation).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return response;
            using (response)
            {
                address = response.Headers.Location is { } location
                    ? new Uri(address, location)
                    : throw new DownloadException($"status {(int)response.StatusCode} without a place to go to");
            }
        }

        throw new DownloadException($"more than {limits.Redirects} redirects");
    }

    private async Task<HttpResponseMessage> Ask(Uri address, long begin, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address) { Version = HttpVersion.Version11 };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("cudalandscape", "1"));
        if (begin > 0) request.Headers.Range = new RangeHeaderValue(begin, null);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
    }

    private static long FirstByte(HttpResponseMessage response, long begin, long total)
    {
        if (response.StatusCode == HttpStatusCode.OK) return 0;
        if (response.StatusCode != HttpStatusCode.PartialContent || begin == 0)
            throw new DownloadException($"status {(int)response.StatusCode}")
            {
                SpoilsPart = response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable,
            };
        ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
        if (range?.From == begin && range.To == total - 1 && (range.Length ?? total) == total) return begin;
        throw new DownloadException($"asked for bytes {begin} to {total - 1}, got range '{range}'") { SpoilsPart = true };
    }

    private static void Check(HttpResponseMessage response, long expected)
    {
        HttpContentHeaders headers = response.Content.Headers;
        if (headers.ContentEncoding.Count > 0) throw new DownloadException($"content is encoded as {string.Join(',', headers.ContentEncoding)}");
        if (headers.ContentLength is { } length && length != expected)
            throw new DownloadException($"{length} bytes announced, {expected} expected");
    }
}
