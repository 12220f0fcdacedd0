namespace CudaLandscape.Nn.Data.Download;

/// <summary>
/// Fetches files of known size and SHA-256 over https: resumes what broke off, goes round the mirrors, gives up servers that
/// stall, reads no byte beyond the size, and never keeps a file whose hash differs.
/// </summary>
public sealed class Downloader : IDisposable
{
    private readonly HttpMessageHandler _handler;
    private readonly HttpsSource _source;
    private readonly DownloadLimits _limits;
    private readonly Action<string> _log;

    /// <summary>A downloader from servers of the world.</summary>
    /// <param name="log">Receives one line per attempt.</param>
    public Downloader(Action<string> log)
        : this(HttpsSource.StandardHandler(), new DownloadLimits(), log)
    {
    }

    /// <summary>A downloader with another handler, which it disposes.</summary>
    internal Downloader(HttpMessageHandler handler, DownloadLimits limits, Action<string> log)
    {
        (_handler, _limits, _log) = (handler, limits, log);
        _source = new HttpsSource(handler, limits);
    }

    /// <summary>Fetches a file to a path, unless an attempt's bytes are complete there already.</summary>
    /// <param name="file">What to fetch.</param>
    /// <param name="target">The path; the bytes so far are in target.part.</param>
    /// <param name="check">Looks at the complete file before it gets its name.</param>
    /// <param name="cancellation">Ends it; the part stays.</param>
    /// <exception cref="DownloadException">No mirror gave the file.</exception>
    /// <exception cref="DataFileException">The disk fails, or <paramref name="check"/> refuses the content.</exception>
    public async Task Fetch(RemoteFile file, string target, Action<Stream>? check = null, CancellationToken cancellation = default)
    {
        using PartFile part = new(target);
        List<string> failures = [];
        for (int attempt = 0; attempt < _limits.Attempts; attempt++)
        {
            Uri mirror = file.Mirrors[attempt % file.Mirrors.Count];
            if (attempt > 0) await Task.Delay(_limits.Pause * Math.Pow(2, attempt - 1), cancellation).ConfigureAwait(false);
            if (await Attempt(file, mirror, part, cancellation).ConfigureAwait(false) is not { } failure)
            {
                part.Complete(check);
                return;
            }

            failures.Add($"{mirror}: {failure}");
            _log($"{failures[^1]}");
        }

        if (part.Length == 0) part.Delete();
        throw new DownloadException(
            $"{file.Name} could not be downloaded in {_limits.Attempts} attempts. {string.Join("; ", failures.Distinct())}. "
            + $"Check the network and try again, or copy the file to {Path.GetDirectoryName(target)}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _handler.Dispose();
    }

    /// <summary>What went wrong; null when the part is complete and right.</summary>
    private async Task<string?> Attempt(RemoteFile file, Uri mirror, PartFile part, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await Complete(file, mirror, part, limit).ConfigureAwait(false);
            if (part.Sha256() is var hash && hash == file.Sha256) return null;
            part.Clear();
            return $"the SHA-256 is {hash}, {file.Sha256} expected";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"nothing came for {_limits.Stall.TotalSeconds} s, or an attempt took longer than {_limits.Attempt}";
        }
        catch (DownloadException e)
        {
            if (e.SpoilsPart) part.Clear();
            return e.Message;
        }
        catch (Exception e) when (e is HttpRequestException or IOException and not DataFileException)
        {
            return e.InnerException is { } inner ? $"{e.Message} ({inner.Message})" : e.Message;
        }
    }

    private async Task Complete(RemoteFile file, Uri mirror, PartFile part, CancellationTokenSource limit)
    {
        if (part.Length > file.Bytes) part.Clear();
        if (part.Length == file.Bytes) return;
        _log($"{mirror}: {(part.Length > 0 ? $"from byte {part.Length} of" : "fetching")} {file.Bytes} bytes");
        limit.CancelAfter(_limits.Stall);
        (HttpResponseMessage response, long begin) =
            await _source.Open(mirror, part.Length, file.Bytes, limit.Token).ConfigureAwait(false);
        using (response)
        {
            if (begin == 0) part.Clear();
            await Copy(response, file.Bytes, part, limit).ConfigureAwait(false);
        }
    }

    private async Task Copy(HttpResponseMessage response, long total, PartFile part, CancellationTokenSource limit)
    {
        byte[] buffer = new byte[1 << 17];
        long deadline = Environment.TickCount64 + (long)_limits.Attempt.TotalMilliseconds;
        using Stream body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        while (true)
        {
            long left = deadline - Environment.TickCount64;
            limit.CancelAfter(TimeSpan.FromMilliseconds(Math.Clamp(left, 0, _limits.Stall.TotalMilliseconds)));
            int got = await body.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
            if (got == 0) break;
            if (got > total - part.Length) throw new DownloadException($"more than {total} bytes came") { SpoilsPart = true };
            part.Append(buffer, got);
        }

        if (part.Length < total) throw new DownloadException($"the connection ended after {part.Length} of {total} bytes");
    }
}
