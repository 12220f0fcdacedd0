namespace CudaLandscape.Nn.Data.Download;

/// <summary>A file of a data set as it was published, unpacked.</summary>
/// <param name="Name">Its name, without folders.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256, lower-case hex.</param>
public sealed record UnpackedFile(string Name, long Bytes, string Sha256);
