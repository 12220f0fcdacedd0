namespace CudaLandscape.Nn.Data.Download;

/// <summary>A packed file and the places that have it.</summary>
/// <param name="Name">The name it is stored under.</param>
/// <param name="Bytes">Its size; not a byte more is read from a server.</param>
/// <param name="Sha256">SHA-256, lower-case hex.</param>
/// <param name="Mirrors">Addresses, https only; the file is the same everywhere, so one goes on where another broke off.</param>
/// <param name="Contents">What it unpacks to: one file for gzip, the wanted entries for a tar archive.</param>
public sealed record RemoteFile(
    string Name, long Bytes, string Sha256, IReadOnlyList<Uri> Mirrors, IReadOnlyList<UnpackedFile> Contents);
