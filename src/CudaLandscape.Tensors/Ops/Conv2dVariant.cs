namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// A way to run a convolution's passes: the precision of its products and the tile of results of a block, by which its kernels are
/// named. As in native/kernels/conv2d.cu.
/// </summary>
internal sealed class Conv2dVariant
{
    // The positions of a chunk, as in native/include/conv2d.
    private const int Chunk = 256;

    // Rows that the plain variant counts as one tile when it splits a weight gradient.
    private const long PlainTileDepth = 288;

    // A block kernel numbers a group's positions with 32 bits.
    private const long MostGroupPositions = 1L << 29;

    private readonly string[] _kernels;
    private readonly long _wantedTiles;

    private Conv2dVariant(Precision precision, int rows, int columns, long wantedTiles)
    {
        (Precision, Rows, Columns, _wantedTiles) = (precision, rows, columns, wantedTiles);
        string end = precision == Precision.Float32 ? "" : $"_{Name(precision)}_{rows}x{columns}";
        _kernels = [$"conv2d_fprop{end}", $"conv2d_dgrad{end}", $"conv2d_wgrad{end}"];
        BiasActivationKernel = $"conv2d_fprop_bias_activation{end}";
    }

    /// <summary>Fused multiplications and additions in float32 or float64, for every size.</summary>
    public static Conv2dVariant Plain { get; } = new(Precision.Float32, 64, 64, 16);

    /// <summary>The variants on tensor cores.</summary>
    public static IReadOnlyList<Conv2dVariant> OnTensorCores { get; } =
    [
        OnTensorCore(Precision.Tf32, 128, 128), OnTensorCore(Precision.Tf32, 64, 128), OnTensorCore(Precision.Tf32, 64, 64),
        OnTensorCore(Precision.Tf32x3, 64, 128), OnTensorCore(Precision.Tf32x3, 64, 64),
    ];

    /// <summary>Of its products.</summary>
    public Precision Precision { get; }

    /// <summary>Rows of a block's tile.</summary>
    public int Rows { get; }

    /// <summary>Columns of a block's tile.</summary>
    public int Columns { get; }

    /// <summary>The kernel of a forward pass that adds a bias and ends with an activation, without the type.</summary>
    public string BiasActivationKernel { get; }

    /// <summary>The kernel of a pass, without the type.</summary>
    public string Kernel(Conv2dKind kind) => _kernels[(int)kind];

    /// <summary>Tiles of a product.</summary>
    public long Tiles(long rows, long columns) => (rows + Rows - 1) / Rows * ((columns + Columns - 1) / Columns);

    /// <summary>
    /// Positions that a weight gradient adds to one partial sum: whole chunks, in so many groups that there are about as many tiles
    /// as processors can share.
    /// </summary>
    public long GroupPositions(long depth, long filters, long positions)
    {
        long tiles = (depth + PlainTileDepth - 1) / PlainTileDepth, chunks = (positions + Chunk - 1) / Chunk;
        long wanted = this == Plain ? (_wantedTiles + tiles - 1) / tiles : _wantedTiles / Tiles(depth, filters);
        long groups = Math.Clamp(wanted, 1, chunks);
        return Math.Min((chunks + groups - 1) / groups * Chunk, MostGroupPositions);
    }

    /// <summary>Such as tf32 64x128.</summary>
    public override string ToString() => $"{Name(Precision)} {Rows}x{Columns}";

    // Two blocks for each of the 132 multiprocessors of an H100; the same on every device, so that the order of addition is too.
    private static Conv2dVariant OnTensorCore(Precision precision, int rows, int columns) => new(precision, rows, columns, 264);

    private static string Name(Precision precision) => precision switch
    {
        Precision.Tf32 => "tf32",
        Precision.Tf32x3 => "tf32x3",
        _ => "float32",
    };
}
