using System.Security.Cryptography;

namespace CudaLandscape.Nn.Data.Download;

/// <summary>Brings a published data set into a data folder, and says whether it is there.</summary>
/// <param name="set">The data set.</param>
/// <param name="root">The data folder; a torchvision folder serves as well and is not written to when it is complete.</param>
public sealed class DataSetInstaller(RemoteDataSet set, string root)
{
    /// <summary>Compares every file, wherever it lies below the data folder, with the published one.</summary>
    public IReadOnlyList<FileCheck> Verify() =>
        [.. set.Files.SelectMany(file => file.Contents).Select(Check)];

    /// <summary>
    /// Fetches what is missing or differs into the data folder's <see cref="RemoteDataSet.Folder"/>; what is right already is not
    /// fetched again.
    /// </summary>
    /// <exception cref="DownloadException">No mirror gave a file.</exception>
    /// <exception cref="DataFileException">The disk fails, or a file of the right hash is not what it should unpack to.</exception>
    public async Task Download(Downloader downloader, CancellationToken cancellation = default)
    {
        foreach (RemoteFile file in set.Files)
        {
            FileCheck[] wrong = [.. file.Contents.Select(Check).Where(check => check.Problem is not null)];
            foreach (FileCheck check in wrong) RefuseToBeShadowed(file, check);
            if (wrong.Length > 0) await Install(file, downloader, cancellation).ConfigureAwait(false);
        }
    }

    private async Task Install(RemoteFile file, Downloader downloader, CancellationToken cancellation)
    {
        string target = Path.Combine(root, set.Folder, file.Name);
        if (set.ArchiveFolder is not { } archiveFolder)
        {
            await downloader.Fetch(file, target, packed => GzipContent.Check(target, packed, file.Contents[0]), cancellation).ConfigureAwait(false);
            return;
        }

        if (!IsHere(file, target)) await downloader.Fetch(file, target, null, cancellation).ConfigureAwait(false);
        new TarUnpacker(target, archiveFolder, file.Contents, set.IgnoredEntries).Unpack(Path.Combine(root, set.Folder, archiveFolder));
        DataFiles.Guard(target, () => File.Delete(target));
    }

    // An archive that a user put in its place, or that could not be unpacked for lack of space.
    private static bool IsHere(RemoteFile file, string target) => DataFiles.Guard(target, () =>
    {
        if (!File.Exists(target)) return false;
        using FileStream stream = new(target, FileMode.Open, FileAccess.Read, FileShare.Read);
        return stream.Length == file.Bytes && Convert.ToHexStringLower(SHA256.HashData(stream)) == file.Sha256;
    });

    // A file that differs and would be found before the new one; where it is the new one's own place it is replaced.
    private void RefuseToBeShadowed(RemoteFile file, FileCheck check)
    {
        string own = set.ArchiveFolder is { } archive ? Path.Combine(set.Folder, archive, check.Name) : Path.Combine(set.Folder, file.Name);
        if (check.Path is null || check.Path == Path.Combine(root, own)) return;
        throw new DataFileException(
            check.Path, 0, "a file that is not the published one lies in the way of the download", check.Problem!, "the published file, or none",
            "Move it away, or give another data folder.");
    }

    private FileCheck Check(UnpackedFile file)
    {
        if (set.Locate(root, file.Name) is not { } path) return new FileCheck(file.Name, null, "missing");
        try
        {
            string hash = GzipContent.Hash(path, file.Bytes);
            return new FileCheck(file.Name, path, hash == file.Sha256 ? null : $"not the published file (SHA-256 {hash}, {file.Sha256} expected)");
        }
        catch (DataFileException e)
        {
            return new FileCheck(file.Name, path, e.Message);
        }
    }
}
