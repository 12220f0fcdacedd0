using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Data.Download;

namespace CudaLandscape.Nn.Tests.Data.Download;

/// <summary>Small data sets of the layout of MNIST and of CIFAR-10, from a server in this process.</summary>
public sealed class DataSetInstallerTests : IDisposable
{
    private static readonly Dictionary<string, byte[]> s_contents = new() { ["one"] = new byte[5000], ["two"] = [1, 2, 3, 4, 5] };
    private readonly Dictionary<string, byte[]> _served = [];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Packed_files_are_fetched_checked_and_kept_packed()
    {
        await using HostileServer server = Server();
        DataSetInstaller installer = new(Gzips(server), _folder.Root);
        Assert.Equal(["missing", "missing"], installer.Verify().Select(check => check.Problem));
        await Download(installer, server);
        Assert.Equal([null, null], installer.Verify().Select(check => check.Problem));
        Assert.Equal(["one.gz", "two.gz"], Directory.GetFiles(Path.Combine(_folder.Root, "set")).Select(Path.GetFileName).Order());
        await Download(installer, server);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Only_what_is_missing_or_damaged_is_fetched()
    {
        await using HostileServer server = Server();
        DataSetInstaller installer = new(Gzips(server), _folder.Root);
        _folder.Write("set/one.gz", IdxBytes.Gzip(s_contents["one"]));
        _folder.Write("set/two.gz", IdxBytes.Gzip([9, 9, 9, 9, 9]));
        FileCheck two = installer.Verify()[1];
        Assert.StartsWith("not the published file (SHA-256 ", two.Problem);
        await Download(installer, server);
        Assert.Equal(["two.gz"], server.Requests.Select(request => request.Path));
        Assert.All(installer.Verify(), check => Assert.Null(check.Problem));
    }

    [Fact]
    public async Task A_complete_folder_of_another_tool_is_used_and_not_written_to()
    {
        await using HostileServer server = Server();
        DataSetInstaller installer = new(Gzips(server), _folder.Root);
        foreach ((string name, byte[] content) in s_contents) _folder.Write($"other/{name}", content);
        await Download(installer, server);
        Assert.Empty(server.Requests);
        Assert.False(Directory.Exists(Path.Combine(_folder.Root, "set")));
        Assert.All(installer.Verify(), check => Assert.StartsWith(Path.Combine(_folder.Root, "other"), check.Path));
    }

    [Fact]
    public async Task A_file_that_would_hide_the_downloaded_one_is_named_before_anything_is_fetched()
    {
        await using HostileServer server = Server();
        DataSetInstaller installer = new(Gzips(server), _folder.Root);
        string hiding = _folder.Write("other/two", [9]);
        var error = await Assert.ThrowsAsync<DataFileException>(() => Download(installer, server));
        Assert.Equal(hiding, error.FileName);
        Assert.Contains("lies in the way", error.Message);
        Assert.DoesNotContain(server.Requests, request => request.Path == "two.gz");
    }

    // The right packed hash, so that it is unpacked, and content that is not what was promised.
    [Theory]
    [InlineData("another content", "not the published")]
    [InlineData("too short", "another size")]
    [InlineData("bomb", "more bytes than declared")]
    [InlineData("two members", "bytes follow the end of the gzip member")]
    [InlineData("garbage behind", "bytes follow the end of the gzip member")]
    [InlineData("no gzip", "not a gzip file")]
    [InlineData("truncated", "another size")]
    public async Task A_packed_file_that_is_not_exactly_its_content_is_not_kept(string attack, string reason)
    {
        byte[] right = s_contents["one"], packed = IdxBytes.Gzip(right);
        byte[] evil = attack switch
        {
            "another content" => IdxBytes.Gzip([.. right[1..], 1]),
            "too short" => IdxBytes.Gzip(right[1..]),
            "bomb" => IdxBytes.Gzip(new byte[20 << 20]),
            "two members" => [.. packed, .. IdxBytes.Gzip([1])],
            "garbage behind" => [.. packed, 1],
            "no gzip" => right,
            _ => packed[..^12],
        };
        await using HostileServer server = Server();
        DataSetInstaller installer = new(Gzips(server, evil), _folder.Root);
        var error = await Assert.ThrowsAsync<DataFileException>(() => Download(installer, server));
        Assert.Contains(reason, error.Message);
        Assert.Empty(Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_archive_is_unpacked_and_removed()
    {
        await using HostileServer server = Server();
        DataSetInstaller installer = new(Archive(server, Tar("one", "two")), _folder.Root);
        await Download(installer, server);
        Assert.All(installer.Verify(), check => Assert.Null(check.Problem));
        Assert.Equal(["one", "two"], Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
        await Download(installer, server);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_archive_that_lies_in_its_place_already_is_not_fetched_again()
    {
        await using HostileServer server = Server();
        byte[] archive = Tar("one", "two");
        DataSetInstaller installer = new(Archive(server, archive), _folder.Root);
        string place = _folder.Write("set/all.tar.gz", archive);
        await Download(installer, server);
        Assert.Empty(server.Requests);
        Assert.All(installer.Verify(), check => Assert.Null(check.Problem));
        Assert.False(File.Exists(place));
        File.Delete(Path.Combine(_folder.Root, "set", "folder", "two"));
        _folder.Write("set/all.tar.gz", [.. archive[..^1], 1]);
        await Download(installer, server);
        Assert.Single(server.Requests);
        Assert.All(installer.Verify(), check => Assert.Null(check.Problem));
    }

    [Fact]
    public async Task An_archive_without_a_file_leaves_none()
    {
        await using HostileServer server = Server();
        DataSetInstaller installer = new(Archive(server, Tar("one")), _folder.Root);
        await Assert.ThrowsAsync<DataFileException>(() => Download(installer, server));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories), path => Path.GetFileName(path) is "one" or "two");
        Assert.Equal(["missing", "missing"], installer.Verify().Select(check => check.Problem));
    }

    [Theory]
    [InlineData(DataSetKind.Mnist, 4, 4)]
    [InlineData(DataSetKind.Cifar10, 1, 6)]
    public void Published_sets_are_complete(DataSetKind kind, int files, int contents)
    {
        RemoteDataSet set = RemoteDataSet.Of(kind);
        UnpackedFile[] unpacked = [.. set.Files.SelectMany(file => file.Contents)];
        Assert.Equal((files, contents), (set.Files.Count, unpacked.Length));
        Assert.All(set.Files, file => Assert.True(file.Bytes > 0 && file.Mirrors.Count > 0));
        Assert.All(set.Files.SelectMany(file => file.Mirrors), mirror => Assert.Equal("https", mirror.Scheme));
        string[] hashes = [.. set.Files.Select(file => file.Sha256), .. unpacked.Select(file => file.Sha256)];
        Assert.All(hashes, hash => Assert.Matches("^[0-9a-f]{64}$", hash));
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void The_published_sizes_are_those_of_the_layouts()
    {
        Assert.Equal([16 + 60000 * 784, 8 + 60000, 16 + 10000 * 784, 8 + 10000], RemoteDataSet.Mnist.Files.Select(file => file.Contents[0].Bytes));
        Assert.All(RemoteDataSet.Cifar10.Files[0].Contents, file => Assert.Equal(30_730_000, file.Bytes));
    }

    private static UnpackedFile Content(string name) => new(name, s_contents[name].Length, Hash(s_contents[name]));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string? Locate(string root, string name) => new[] { $"other/{name}", $"set/{name}.gz", $"set/folder/{name}" }
        .Select(place => Path.Combine(root, place)).FirstOrDefault(File.Exists);

    private HostileServer Server() => new((request, stream) => HostileServer.SendFile(request, stream, _served[request.Path]));

    private RemoteFile Remote(HostileServer server, string name, byte[] packed, params UnpackedFile[] contents)
    {
        _served[name] = packed;
        return new RemoteFile(name, packed.Length, Hash(packed), [server.Address(name)], contents);
    }

    private RemoteDataSet Gzips(HostileServer server, byte[]? one = null) => new(
        "test", "set",
        [
            Remote(server, "one.gz", one ?? IdxBytes.Gzip(s_contents["one"]), Content("one")),
            Remote(server, "two.gz", IdxBytes.Gzip(s_contents["two"]), Content("two")),
        ],
        null, [], Locate);

    private RemoteDataSet Archive(HostileServer server, byte[] packed) =>
        new("test", "set", [Remote(server, "all.tar.gz", packed, Content("one"), Content("two"))], "folder", [], Locate);

    private static byte[] Tar(params string[] names)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest))
        using (TarWriter writer = new(gzip))
        {
            foreach (string name in names)
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"folder/{name}") { DataStream = new MemoryStream(s_contents[name]) });
        }

        return bytes.ToArray();
    }

    private static async Task Download(DataSetInstaller installer, HostileServer server)
    {
        using Downloader downloader = new(server.Handler(), new DownloadLimits { Attempts = 2, Pause = TimeSpan.Zero }, _ => { });
        await installer.Download(downloader);
    }
}
