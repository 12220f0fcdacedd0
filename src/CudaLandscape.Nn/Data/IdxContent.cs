namespace CudaLandscape.Nn.Data;

/// <summary>One IDX file, read, unpacked and checked.</summary>
/// <param name="FileName">The path it was read from.</param>
/// <param name="Count">Number of images or labels, N.</param>
/// <param name="Rows">Image height in pixels; 1 for labels.</param>
/// <param name="Columns">Image width in pixels; 1 for labels.</param>
/// <param name="Header">The header bytes: 16 for images, 8 for labels.</param>
/// <param name="Payload">The bytes after the header, shape [N, Rows, Columns].</param>
/// <param name="Sha256">SHA-256 of the unpacked file (header and payload), lower-case hex.</param>
public sealed record IdxContent(
    string FileName,
    int Count,
    int Rows,
    int Columns,
    byte[] Header,
    byte[] Payload,
    string Sha256);
