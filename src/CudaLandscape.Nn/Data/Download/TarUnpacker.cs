using System.Formats.Tar;

namespace CudaLandscape.Nn.Data.Download;

/// <summary>
/// Unpacks the wanted files of a .tar.gz as a stream. Entries are compared with a list of names and never used as paths: a
/// wanted one must be a regular file of the known size and hash and is written under our own name; known companions are passed
/// over; any other entry, link or device is an error, and then nothing is left behind.
/// </summary>
/// <param name="path">The archive.</param>
/// <param name="folder">The folder all entries are in.</param>
/// <param name="wanted">The files to unpack.</param>
/// <param name="ignored">Names of files in the folder that are passed over.</param>
internal sealed class TarUnpacker(string path, string folder, IReadOnlyList<UnpackedFile> wanted, IReadOnlyList<string> ignored)
{
    // For headers, padding and ignored entries.
    private const long Slack = 1 << 20;

    /// <summary>Unpacks into a folder.</summary>
    /// <exception cref="DataFileException">The archive is not exactly what it should be, or the disk fails.</exception>
    internal void Unpack(string target)
    {
        List<PartFile> parts = [];
        try
        {
            DataFiles.Guard(path, () => ReadAll(target, parts));
            foreach (PartFile part in parts) part.Complete();
        }
        catch (Exception cause)
        {
            foreach (PartFile part in parts) part.Delete();
            if (cause is not (InvalidDataException or FormatException or OverflowException)) throw; // what TarReader throws
            throw Fault("the archive is damaged", cause.Message, "a tar archive", cause);
        }
    }

    private void ReadAll(string target, List<PartFile> parts)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using GzipMember member = new(path, file, file.Length);
        CappedStream content = new(path, member, wanted.Sum(f => f.Bytes) + Slack);
        using (TarReader reader = new(content, leaveOpen: true))
        {
            HashSet<string> seen = [];
            while (reader.GetNextEntry() is { } entry)
            {
                if (!seen.Add(entry.Name)) throw Fault("an entry comes twice", $"'{entry.Name}' again", "each entry once");
                if (Choose(entry) is { } choice) parts.Add(Write(entry, choice, target));
            }
        }

        CheckRest(content);
        member.CheckEnd();
        if (parts.Count < wanted.Count)
            throw Fault("entries are missing", $"{parts.Count} of the wanted files", $"{string.Join(", ", wanted.Select(f => f.Name))}");
    }

    /// <summary>The wanted file an entry is; null when it is to be passed over.</summary>
    private UnpackedFile? Choose(TarEntry entry)
    {
        if (entry.EntryType == TarEntryType.Directory && entry.Name == $"{folder}/") return null;
        string name = entry.Name.StartsWith($"{folder}/", StringComparison.Ordinal) ? entry.Name[(folder.Length + 1)..] : "";
        UnpackedFile? file = wanted.FirstOrDefault(f => f.Name == name);
        if (file is null && !ignored.Contains(name))
            throw Fault("an entry is none of the known ones", $"'{entry.Name}' ({entry.EntryType})", $"files of {folder} by their exact names");
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            throw Fault("an entry is no regular file", $"'{entry.Name}' ({entry.EntryType})", "a regular file");
        if (file is not null && entry.Length != file.Bytes)
            throw Fault($"'{entry.Name}' has another size than the published", $"{entry.Length} bytes", $"{file.Bytes} bytes");
        return file;
    }

    private PartFile Write(TarEntry entry, UnpackedFile file, string target)
    {
        PartFile part = new(Path.Combine(target, file.Name));
        try
        {
            part.Clear();
            byte[] buffer = new byte[1 << 17];
            for (int got; (got = entry.DataStream?.Read(buffer) ?? 0) > 0;) part.Append(buffer, got);
            string hash = part.Sha256();
            return hash == file.Sha256 ? part : throw Fault($"'{entry.Name}' is not the published file", $"SHA-256 {hash}", file.Sha256);
        }
        catch
        {
            part.Delete();
            throw;
        }
    }

    // After the last entry a tar archive is zeros.
    private void CheckRest(Stream content)
    {
        byte[] buffer = new byte[1 << 12];
        for (int got; (got = content.Read(buffer)) > 0;)
        {
            if (buffer.AsSpan(0, got).ContainsAnyExcept((byte)0))
                throw Fault("bytes follow the end of the archive", "other bytes", "zeros");
        }
    }

    private DataFileException Fault(string reason, string got, string expected, Exception? cause = null) =>
        new(path, 0, $"tar: {reason}", got, expected, DataFiles.Replace, cause);
}
