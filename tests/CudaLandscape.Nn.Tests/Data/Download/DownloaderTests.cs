using System.Security.Cryptography;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Data.Download;
using static CudaLandscape.Nn.Tests.Data.Download.HostileServer;

namespace CudaLandscape.Nn.Tests.Data.Download;

public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] s_content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 / 3))];
    private readonly TempFolder _folder = new();
    private readonly List<string> _log = [];

    public void Dispose() => _folder.Dispose();

    private string Target => Path.Combine(_folder.Root, "sub", "file.gz");

    private string Part => Target + ".part";

    [Fact]
    public async Task A_file_is_fetched_whole_and_nothing_else_is_left()
    {
        await using HostileServer server = new((request, stream) => SendFile(request, stream, s_content));
        await Fetch(server);
        Assert.Equal(s_content, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
        Assert.Null(Assert.Single(server.Requests).RangeBegin);
    }

    [Fact]
    public async Task A_file_of_another_hash_is_never_kept()
    {
        byte[] other = [.. s_content[..^1], (byte)(s_content[^1] ^ 1)];
        await using HostileServer server = new((request, stream) => SendFile(request, stream, other));
        await CheckFails(server, "the SHA-256 is ", requests: 3);
        Assert.All(server.Requests, request => Assert.Null(request.RangeBegin));
    }

    [Theory]
    [InlineData(-1, "299999 bytes announced, 300000 expected")]
    [InlineData(1, "300001 bytes announced, 300000 expected")]
    public async Task A_file_of_another_announced_size_is_not_read(int change, string message)
    {
        await using HostileServer server = new((_, stream) => Head(stream, 200, $"Content-Length: {s_content.Length + change}"));
        await CheckFails(server, message);
    }

    [Fact]
    public async Task A_broken_connection_is_resumed_where_it_broke()
    {
        await using HostileServer server = new(async (request, stream) =>
        {
            if (request.Number == 2)
            {
                await SendFile(request, stream, s_content);
                return;
            }

            int begin = request.RangeBegin ?? 0;
            await Head(stream, begin == 0 ? 200 : 206, $"Content-Range: bytes {begin}-299999/300000", $"Content-Length: {300_000 - begin}");
            await Send(stream, s_content.AsMemory(begin, 100_000));
        });
        await Fetch(server);
        Assert.Equal(s_content, File.ReadAllBytes(Target));
        Assert.Equal([null, 100_000, 200_000], server.Requests.Select(request => request.RangeBegin));
    }

    [Fact]
    public async Task A_body_that_ends_early_without_a_length_is_resumed()
    {
        await using HostileServer server = new(async (request, stream) =>
        {
            if (request.Number > 0) await SendFile(request, stream, s_content);
            else
            {
                await Head(stream, 200);
                await Send(stream, s_content.AsMemory(0, 12_345));
            }
        });
        await Fetch(server);
        Assert.Equal(s_content, File.ReadAllBytes(Target));
        Assert.Contains(_log, line => line.Contains("ended after 12345 of 300000 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_endless_body_is_cut_off_at_the_size()
    {
        long sent = 0;
        await using HostileServer server = new(async (_, stream) =>
        {
            await Head(stream, 200);
            for (; sent < 1L << 30; sent += s_content.Length) await Send(stream, s_content);
        });
        await CheckFails(server, "more than 300000 bytes came", requests: 3);
        Assert.InRange(sent, s_content.Length, 100_000_000);
    }

    [Theory]
    [InlineData("http://localhost:1/file")]
    [InlineData("ftp://localhost/file")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_to_anything_but_https_is_refused(string location)
    {
        await using HostileServer server = new((_, stream) => Head(stream, 302, $"Location: {location}", "Content-Length: 0"));
        await CheckFails(server, $"{new Uri(location)} is not https");
    }

    [Fact]
    public async Task A_redirect_within_https_is_followed_and_an_endless_one_is_not()
    {
        await using HostileServer server = new((request, stream) => request.Path == "there"
            ? SendFile(request, stream, s_content)
            : Head(stream, 301, "Location: /there", "Content-Length: 0"));
        await Fetch(server);
        Assert.Equal(["file", "there"], server.Requests.Select(request => request.Path));
        await using HostileServer endless = new((_, stream) => Head(stream, 307, "Location: /file", "Content-Length: 0"));
        File.Delete(Target);
        await CheckFails(endless, "more than 5 redirects");
    }

    [Fact]
    public async Task A_mirror_without_https_is_not_asked()
    {
        await using HostileServer server = new((request, stream) => SendFile(request, stream, s_content));
        var error = await Assert.ThrowsAsync<DownloadException>(() => Fetch(server, new Uri("http://localhost:1/file")));
        Assert.Contains("http://localhost:1/file is not https", error.Message);
    }

    [Fact]
    public async Task A_certificate_nobody_vouches_for_is_refused()
    {
        await using HostileServer server = new((request, stream) => SendFile(request, stream, s_content));
        using Downloader downloader = new(HttpsSource.StandardHandler(), Quick, _log.Add);
        await Assert.ThrowsAsync<DownloadException>(() => downloader.Fetch(File1(server.Address("file")), Target));
        Assert.Empty(server.Requests);
        Assert.False(File.Exists(Target));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_stalls_is_given_up_and_what_came_is_kept(bool afterHead)
    {
        await using HostileServer server = new(async (request, stream) =>
        {
            if (request.Number > 0)
            {
                await SendFile(request, stream, s_content);
                return;
            }

            if (afterHead) await Head(stream, 200, "Content-Length: 300000");
            if (afterHead) await Send(stream, s_content.AsMemory(0, 1000));
            await Task.Delay(TimeSpan.FromMinutes(5));
        });
        using Downloader downloader = new(server.Handler(), Quick with { Stall = TimeSpan.FromSeconds(1), Attempts = 20 }, _log.Add);
        await downloader.Fetch(File1(server.Address("file")), Target);
        Assert.Equal(s_content, File.ReadAllBytes(Target));
        Assert.True(server.Requests[1].RangeBegin is { } begin ? afterHead && begin >= 1000 : !afterHead);
        Assert.Contains(_log, line => line.Contains("nothing came for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_drips_for_ever_is_given_up()
    {
        await using HostileServer server = new(async (_, stream) =>
        {
            await Head(stream, 200, "Content-Length: 300000");
            for (int i = 0; i < 3000; i++)
            {
                await Send(stream, s_content.AsMemory(i, 1));
                await Task.Delay(50);
            }
        });
        using Downloader downloader = new(server.Handler(), Quick with { Attempt = TimeSpan.FromSeconds(0.4), Attempts = 1 }, _log.Add);
        var error = await Assert.ThrowsAsync<DownloadException>(() => downloader.Fetch(File1(server.Address("file")), Target));
        Assert.Contains("an attempt took longer", error.Message);
    }

    [Fact]
    public async Task An_error_of_the_server_is_tried_again()
    {
        await using HostileServer server = new((request, stream) =>
            request.Number < 2 ? Head(stream, 500, "Content-Length: 0") : SendFile(request, stream, s_content));
        await Fetch(server);
        Assert.Equal(3, server.Requests.Count);
        File.Delete(Target);
        await using HostileServer always = new((_, stream) => Head(stream, 503, "Content-Length: 0"));
        await CheckFails(always, "status 503", requests: 3);
    }

    [Fact]
    public async Task The_next_mirror_goes_on_where_the_first_broke_off()
    {
        await using HostileServer server = new(async (request, stream) =>
        {
            if (request.Path == "second") await SendFile(request, stream, s_content);
            else
            {
                await Head(stream, 200, "Content-Length: 300000");
                await Send(stream, s_content.AsMemory(0, 5000));
            }
        });
        await Fetch(server, server.Address("first"), server.Address("second"));
        Assert.Equal([("first", null), ("second", 5000)], server.Requests.Select(request => (request.Path, request.RangeBegin)));
    }

    // A part of an earlier run, and a server that answers the range wrongly: the part is dropped, then all goes well.
    [Theory]
    [InlineData(206, "Content-Range: bytes 0-299999/300000")]
    [InlineData(206, "Content-Range: bytes 1000-299998/300000")]
    [InlineData(206, "Content-Range: bytes 1000-299999/400000")]
    [InlineData(206, "X-Nothing: 1")]
    [InlineData(416, "Content-Range: bytes */300000")]
    public async Task A_broken_range_starts_again_from_the_beginning(int status, string header)
    {
        WritePart(s_content[..1000]);
        await using HostileServer server = new((request, stream) => request.RangeBegin is null
            ? SendFile(request, stream, s_content)
            : Head(stream, status, header, "Content-Length: 0"));
        await Fetch(server);
        Assert.Equal([1000, null], server.Requests.Select(request => request.RangeBegin));
        Assert.Equal(s_content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_server_that_ignores_the_range_sends_the_whole_file()
    {
        WritePart(new byte[1000]);
        await using HostileServer server = new(async (_, stream) =>
        {
            await Head(stream, 200, "Content-Length: 300000");
            await Send(stream, s_content);
        });
        await Fetch(server);
        Assert.Equal(s_content, File.ReadAllBytes(Target));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_complete_part_needs_no_server_and_a_wrong_one_is_fetched_again()
    {
        await using HostileServer server = new((request, stream) => SendFile(request, stream, s_content));
        WritePart(s_content);
        await Fetch(server);
        Assert.Empty(server.Requests);
        foreach (int length in (int[])[300_000, 300_001, 77])
        {
            File.Delete(Target);
            WritePart(new byte[length]);
            await Fetch(server);
            Assert.Equal(s_content, File.ReadAllBytes(Target));
        }
    }

    [Fact]
    public async Task A_range_nobody_asked_for_and_an_encoded_body_are_refused()
    {
        await using HostileServer range = new((_, stream) => Head(stream, 206, "Content-Range: bytes 0-299999/300000", "Content-Length: 300000"));
        await CheckFails(range, "status 206");
        await using HostileServer encoded = new((_, stream) => Head(stream, 200, "Content-Encoding: gzip", "Content-Length: 300000"));
        await CheckFails(encoded, "encoded as gzip");
    }

    [Fact]
    public async Task A_part_that_another_process_holds_is_left_alone()
    {
        await using HostileServer server = new((request, stream) => SendFile(request, stream, s_content));
        using PartFile other = new(Target);
        await Assert.ThrowsAsync<DataFileException>(() => Fetch(server));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Content_that_a_check_refuses_is_not_kept()
    {
        await using HostileServer server = new((request, stream) => SendFile(request, stream, s_content));
        using Downloader downloader = new(server.Handler(), Quick, _log.Add);
        await Assert.ThrowsAsync<DataFileException>(() => downloader.Fetch(
            File1(server.Address("file")), Target, _ => throw new DataFileException(Target, 0, "refused", "a", "b", "c")));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Cancelling_keeps_what_came()
    {
        using CancellationTokenSource source = new();
        await using HostileServer server = new(async (_, stream) =>
        {
            await Head(stream, 200, "Content-Length: 300000");
            await Send(stream, s_content.AsMemory(0, 1000));
            while (!File.Exists(Part) || new FileInfo(Part).Length < 1000) await Task.Delay(5);
            await source.CancelAsync();
            await Task.Delay(TimeSpan.FromMinutes(5));
        });
        using Downloader downloader = new(server.Handler(), Quick, _log.Add);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            downloader.Fetch(File1(server.Address("file")), Target, cancellation: source.Token));
        Assert.Equal(s_content[..1000], File.ReadAllBytes(Part));
    }

    private static DownloadLimits Quick => new() { Stall = TimeSpan.FromSeconds(20), Attempts = 3, Pause = TimeSpan.FromMilliseconds(1) };

    private static RemoteFile File1(params Uri[] mirrors) =>
        new("file.gz", s_content.Length, Convert.ToHexStringLower(SHA256.HashData(s_content)), mirrors, []);

    private async Task Fetch(HostileServer server, params Uri[] mirrors)
    {
        using Downloader downloader = new(server.Handler(), Quick, _log.Add);
        await downloader.Fetch(File1(mirrors.Length > 0 ? mirrors : [server.Address("file")]), Target);
    }

    private void WritePart(byte[] bytes) => _folder.Write(Path.GetRelativePath(_folder.Root, Part), bytes);

    private async Task CheckFails(HostileServer server, string message, int? requests = null)
    {
        var error = await Assert.ThrowsAsync<DownloadException>(() => Fetch(server));
        Assert.Contains(message, error.Message);
        Assert.Contains(server.Address("file").ToString(), error.Message);
        Assert.False(File.Exists(Target));
        Assert.False(File.Exists(Part));
        if (requests is { } expected) Assert.Equal(expected, server.Requests.Count);
    }
}
