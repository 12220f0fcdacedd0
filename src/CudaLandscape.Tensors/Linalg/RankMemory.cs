using System.Globalization;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// Device memory for the rank of F[rows, columns]: the matrix, which is factored in place, and a workspace of the panels of QR or, after
/// it, two bases of up to 480 vectors with room to combine them anew. The workspace is an estimate; a library may ask for more, and a
/// deficient matrix has its small singular values counted in blocks of up to k/5 vectors, two at a time, where there is memory for them:
/// all that follows QR uses first what R leaves of the matrix (<see cref="TriangularFactor"/>).
/// </summary>
/// <param name="MatrixBytes">8 bytes per entry.</param>
/// <param name="WorkspaceBytes">What is needed beside it.</param>
public readonly record struct RankMemory(long MatrixBytes, long WorkspaceBytes)
{
    /// <summary>Both.</summary>
    public long TotalBytes => MatrixBytes + WorkspaceBytes;

    /// <summary>The memory for a matrix.</summary>
    /// <exception cref="OverflowException">It is 2⁶³ bytes or more.</exception>
    public static RankMemory Of(long rows, long columns)
    {
        long k = Math.Min(rows, columns), m = Math.Max(rows, columns), basis = BlockGolubKahan.VectorsFor(rows, columns);
        long atOnce = Math.Max(2 * BlockedQr.PanelWidth, 5 * basis / 2 + 6 * BlockGolubKahan.BlockSize);
        return new RankMemory(checked(rows * columns * sizeof(double)), checked((atOnce * k + 8 * basis * basis + 4 * m) * sizeof(double)));
    }

    /// <summary>Refuses early what does not fit.</summary>
    /// <exception cref="Interop.DeviceOutOfMemoryException">The device has less free; the message has both numbers.</exception>
    public void Require(Device device)
    {
        device.TrimCache();
        device.Context.RequireMemory(TotalBytes);
    }

    /// <summary>Both numbers in GB.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{MatrixBytes / 1e9:F2} GB and about {WorkspaceBytes / 1e9:F2} GB of workspace");
}
