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
        string folder = Path.Combine(root, set.Folder);
        foreach (RemoteFile file in set.Files)
        {
            if (file.Contents.All(content => Check(content).Problem is null)) continue;
            string target = Path.Combine(folder, file.Name);
            if (set.ArchiveFolder is not { } archiveFolder)
            {
                await downloader.Fetch(file, target, packed => GzipContent.Check(target, packed, file.Contents[0]), cancellation).ConfigureAwait(false);
                continue;
            }

            await downloader.Fetch(file, target, null, cancellation).ConfigureAwait(false);
            new TarUnpacker(target, archiveFolder, file.Contents, set.IgnoredEntries).Unpack(Path.Combine(folder, archiveFolder));
            DataFiles.Guard(target, () => File.Delete(target));
        }
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
