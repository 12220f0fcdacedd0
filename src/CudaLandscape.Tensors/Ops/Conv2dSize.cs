namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// Sizes of a 2-D convolution in standard letters: x[N,C,H,W], kernel R x S, output P x Q with
/// P = (H + 2 pad - R) / stride + 1.
/// </summary>
public readonly record struct Conv2dSize
{
    // What the block kernels (native/include/conv2d/patches.cuh) count with 32 bits, two of them together.
    private const long MostCounted = 1L << 30;

    // The fields in the order of the kernels' struct.
    private readonly long _n, _c, _h, _w, _r, _s, _p, _q, _strideH, _strideW, _padH, _padW;

    /// <summary>Sizes of a convolution over x with a kernel of <paramref name="r"/> x <paramref name="s"/>.</summary>
    /// <exception cref="ArgumentException">The kernel, stride or padding is out of range, or larger than the padded image.</exception>
    public Conv2dSize(string op, Shape x, long r, long s, int stride, int pad)
    {
        if (x.Rank != 4) throw new ArgumentException($"{op}: expects images [N,C,H,W], got {x}.");
        if (r < 1 || s < 1 || stride < 1 || pad < 0)
            throw new ArgumentException($"{op}: kernel {r}x{s}, stride {stride}, pad {pad}; kernel and stride must be 1 or more, pad 0 or more.");
        (_n, _c, _h, _w, _r, _s) = (x[0], x[1], x[2], x[3], r, s);
        (_strideH, _strideW, _padH, _padW) = (stride, stride, pad, pad);
        if (_h + 2 * pad < r || _w + 2 * pad < s)
            throw new ArgumentException($"{op}: kernel {r}x{s} is larger than the padded image {_h + 2 * pad}x{_w + 2 * pad} of {x}.");
        (_p, _q) = ((_h + 2 * pad - r) / stride + 1, (_w + 2 * pad - s) / stride + 1);
    }

    /// <summary>
    /// Whether the tensor-core kernels can take it. 32-bit indices must suffice for an image and its outputs, the kernels, all
    /// positions, and sides; taps are bits of a word, so that kernels are at most 15 x 15.
    /// </summary>
    public bool FitsTensorCores(long filters)
    {
        const long most = 1 << 30, mostSide = 1 << 14, mostTaps = 15;
        return Math.Max(_r, _s) <= mostTaps && Math.Max(_c * _h * _w, filters * _p * _q) < most && filters * _c * _r * _s < most && _n * Math.Max(_h * _w, _p * _q) < most
            && Math.Max(Math.Max(_h, _w), Math.Max(_r, _s)) + Math.Max(_padH, _padW) < mostSide && Math.Max(_strideH, _strideW) < mostSide;
    }

    /// <summary>Refuses an image or a kernel so large that the kernels cannot number its pixels or its weights.</summary>
    /// <exception cref="ArgumentException">It is; the message has the numbers.</exception>
    internal void RequireCountable(string op, long filters)
    {
        long pixels = Math.Max(_h * _w, _p * _q), products = Math.Max(_c, filters) * _r * _s;
        if (Math.Max(pixels, products) >= MostCounted)
            throw new ArgumentException(
                $"{op}: a plane has {pixels} pixels, an entry of a result {products} products; both must be below {MostCounted}. Cut the images into parts.");
    }

    /// <summary>A pass over these sizes as a matrix product. A stride leaves each pixel of an input gradient its share of the taps.</summary>
    internal Conv2dProduct Product(Conv2dKind kind, long filters) => kind switch
    {
        Conv2dKind.Forward => new(kind, filters, _n * _p * _q, _c * _r * _s),
        Conv2dKind.InputGradient => new(kind, _c, _n * _h * _w, Math.Max(1, filters * _r * _s / (_strideH * _strideW))),
        _ => new(kind, _c * _r * _s, filters, _n * _p * _q),
    };

    /// <summary>Shape of the images.</summary>
    public Shape Images => [_n, _c, _h, _w];

    /// <summary>Shape of the unfolded patches, [N, C R S, P Q].</summary>
    public Shape Columns => [_n, _c * _r * _s, _p * _q];

    /// <summary>Output height.</summary>
    public long P => _p;

    /// <summary>Whether there are Winograd's transforms for it.</summary>
    internal bool IsWinograd => (_r, _s) == (3, 3) && _strideH == _strideW && _strideH is 1 or 2;

    /// <summary>Of both sides.</summary>
    internal long Stride => _strideH;

    /// <summary>
    /// Images, height and width of what <see cref="WinogradTile"/>s cover: outputs, or an input gradient's pixels, which at a stride of 2 are
    /// taken in pairs 2k - 1 - pad and 2k - pad.
    /// </summary>
    internal (long Images, long Height, long Width) WinogradResults(bool ofGradient) => !ofGradient ? (_n, _p, _q)
        : _strideH == 1 ? (_n, _h, _w)
        : (_n, (_h + _padH) / 2 - (_padH + 1) / 2 + 1, (_w + _padW) / 2 - (_padW + 1) / 2 + 1);

    /// <summary>Output width.</summary>
    public long Q => _q;
}
