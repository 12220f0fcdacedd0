using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Data.Download;

namespace CudaLandscape.Nn.Tests.Data.Download;

public sealed class TarUnpackerTests : IDisposable
{
    private const string Folder = "set-bin";
    private static readonly byte[] s_first = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)], s_second = [.. s_first.Reverse()];
    private static readonly UnpackedFile[] s_wanted = [File1("a.bin", s_first), File1("b.bin", s_second)];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Target => Path.Combine(_folder.Root, "out", "set");

    // An absolute path, of this run only.
    private static readonly string s_elsewhere = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    // An attack: what the archive holds besides or instead of the right entries, and the reason it is refused for.
    public static TheoryData<string, string> Attacks => new()
    {
        { "../evil", "none of the known" },
        { s_elsewhere, "none of the known" },
        { $"{Folder}/../../evil", "none of the known" },
        { $"{Folder}/./a.bin", "none of the known" },
        { $"./{Folder}/a.bin", "none of the known" },
        { "a.bin", "none of the known" },
        { $"{Folder}/A.BIN", "none of the known" },
        { $"{Folder}/extra", "none of the known" },
        { $"{Folder}\\a.bin", "none of the known" },
        { $"{Folder}/a.bin", "comes twice" },
    };

    public static TheoryData<TarEntryType> OddTypes =>
    [
        TarEntryType.SymbolicLink, TarEntryType.HardLink, TarEntryType.CharacterDevice, TarEntryType.BlockDevice,
        TarEntryType.Fifo, TarEntryType.Directory,
    ];

    [Theory]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.V7)]
    public void The_wanted_files_are_written_and_their_companions_are_not(TarEntryFormat format)
    {
        Unpack(Gzip(Tar(writer =>
        {
            writer.WriteEntry(Entry(format, TarEntryType.Directory, $"{Folder}/"));
            writer.WriteEntry(Entry(format, Regular(format), $"{Folder}/readme.html", [1, 2, 3]));
            Right(writer, format);
        })));
        Assert.Equal([Path.Combine(Target, "a.bin"), Path.Combine(Target, "b.bin")], Directory.GetFiles(Target).Order());
        Assert.Equal(s_first, File.ReadAllBytes(Path.Combine(Target, "a.bin")));
        Assert.Equal(s_second, File.ReadAllBytes(Path.Combine(Target, "b.bin")));
    }

    [Theory, MemberData(nameof(Attacks))]
    public void An_entry_of_another_name_is_refused(string name, string reason)
    {
        CheckRefused(Archive(writer => writer.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, name, s_first))), reason);
        Assert.False(File.Exists(s_elsewhere));
    }

    [Theory, MemberData(nameof(OddTypes))]
    public void A_wanted_name_on_anything_but_a_regular_file_is_refused(TarEntryType type)
    {
        TarEntry entry = Entry(TarEntryFormat.Pax, type, $"{Folder}/a.bin");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) entry.LinkName = "/etc/passwd";
        CheckRefused(Gzip(Tar(writer => writer.WriteEntry(entry))), "no regular file");
        entry = Entry(TarEntryFormat.Pax, type, Folder);
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) entry.LinkName = "/tmp";
        if (type != TarEntryType.Directory) CheckRefused(Archive(writer => writer.WriteEntry(entry)), "none of the known");
    }

    [Fact]
    public void A_file_of_another_size_or_content_is_refused()
    {
        CheckRefused(Gzip(Tar(writer => Write(writer, "a.bin", s_first[1..]))), "another size");
        CheckRefused(Gzip(Tar(writer => Write(writer, "a.bin", [.. s_first, 0]))), "another size");
        CheckRefused(Gzip(Tar(writer => Write(writer, "a.bin", s_second))), "not the published file");
    }

    [Fact]
    public void A_missing_file_is_named() => CheckRefused(Gzip(Tar(writer => Write(writer, "a.bin", s_first))), "entries are missing");

    [Fact]
    public void A_truncated_archive_is_refused_wherever_it_ends()
    {
        byte[] tar = Tar(writer => Right(writer)), packed = Gzip(tar);
        foreach (int length in (int[])[0, 1, 511, 512, 1000, 5000, 6144, 11000, 11700])
            CheckRefused(Gzip(tar[..length]), null);
        foreach (int length in (int[])[1, 10, packed.Length / 2, packed.Length - 9, packed.Length - 1])
            CheckRefused(packed[..length], null);
    }

    [Fact]
    public void Bytes_after_the_end_are_refused()
    {
        byte[] tar = Tar(writer => Right(writer)), packed = Gzip(tar);
        CheckRefused(Gzip([.. tar, 0, 0, 1]), "bytes follow the end of the archive");
        CheckRefused([.. packed, 7], "bytes follow the end of the gzip member");
        CheckRefused([.. packed, .. Gzip([1, 2, 3])], "bytes follow the end of the gzip member");
        CheckRefused([.. packed[..^5], (byte)~packed[^5], .. packed[^4..]], "trailer does not match");
    }

    [Fact]
    public void A_bomb_is_cut_off()
    {
        byte[] zeros = new byte[10 << 20];
        CheckRefused(Gzip([.. Tar(writer => Right(writer)), .. zeros]), "unpacks to more");
        CheckRefused(Archive(writer => Write(writer, "readme.html", zeros)), "unpacks to more");
    }

    [Fact]
    public void Damage_anywhere_is_refused_or_harmless()
    {
        System.Random random = new(3);
        byte[] tar = Tar(writer => Right(writer));
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. tar];
            int header = random.Next(2) * 5632; // either file's header
            damaged[header + random.Next(512)] = (byte)random.Next(256);
            try
            {
                Unpack(Gzip(damaged));
                Assert.Equal(s_first, File.ReadAllBytes(Path.Combine(Target, "a.bin")));
            }
            catch (DataFileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 20, 290); // most bytes of a header say what is not used
    }

    private static UnpackedFile File1(string name, byte[] bytes) => new(name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    private static TarEntryType Regular(TarEntryFormat format) =>
        format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;

    private static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name, byte[]? content = null)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(type, name),
            TarEntryFormat.Ustar => new UstarTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            _ => new PaxTarEntry(type, name),
        };
        if (content is not null) entry.DataStream = new MemoryStream(content);
        return entry;
    }

    private static void Write(TarWriter writer, string name, byte[] content, TarEntryFormat format = TarEntryFormat.Ustar) =>
        writer.WriteEntry(Entry(format, Regular(format), $"{Folder}/{name}", content));

    private static void Right(TarWriter writer, TarEntryFormat format = TarEntryFormat.Ustar)
    {
        Write(writer, "a.bin", s_first, format);
        Write(writer, "b.bin", s_second, format);
    }

    /// <summary>The right entries, then others.</summary>
    private static byte[] Archive(Action<TarWriter> more) => Gzip(Tar(writer =>
    {
        Right(writer);
        more(writer);
    }));

    private static byte[] Tar(Action<TarWriter> write)
    {
        using MemoryStream bytes = new();
        using (TarWriter writer = new(bytes, TarEntryFormat.Pax, leaveOpen: true)) write(writer);
        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest)) gzip.Write(content);
        return bytes.ToArray();
    }

    private void Unpack(byte[] archive) =>
        new TarUnpacker(_folder.Write("archive.tar.gz", archive), Folder, s_wanted, ["readme.html"]).Unpack(Target);

    private void CheckRefused(byte[] archive, string? reason)
    {
        var error = Assert.Throws<DataFileException>(() => Unpack(archive));
        Assert.Contains(reason ?? "", error.Message);
        Assert.Equal([Path.Combine(_folder.Root, "archive.tar.gz")], Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories));
    }
}
