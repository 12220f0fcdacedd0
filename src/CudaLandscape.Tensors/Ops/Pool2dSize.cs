namespace CudaLandscape.Tensors.Ops;

/// <summary>Sizes of a 2-D pooling of x[N,C,H,W] into [N,C,P,Q]; windows that overhang the image are cut off at its edge.</summary>
public readonly record struct Pool2dSize
{
    // The fields in the order of the kernels' struct.
    private readonly long _planes, _h, _w, _p, _q, _kernelH, _kernelW, _strideH, _strideW, _padH, _padW;

    /// <summary>Sizes of a pooling with square windows.</summary>
    /// <exception cref="ArgumentException">Window, stride or padding is out of range, or larger than the padded image.</exception>
    public Pool2dSize(string op, Shape x, int kernel, int stride, int pad)
    {
        if (x.Rank != 4) throw new ArgumentException($"{op}: expects images [N,C,H,W], got {x}.");
        if (kernel < 1 || stride < 1 || pad < 0 || pad > kernel / 2)
            throw new ArgumentException($"{op}: window {kernel}, stride {stride}, pad {pad}; pad may be at most half the window.");
        (_planes, _h, _w) = (x[0] * x[1], x[2], x[3]);
        (_kernelH, _kernelW, _strideH, _strideW, _padH, _padW) = (kernel, kernel, stride, stride, pad, pad);
        if (_h + 2 * pad < kernel || _w + 2 * pad < kernel)
            throw new ArgumentException($"{op}: window {kernel}x{kernel} is larger than the padded image of {x}.");
        if (_h * _w > int.MaxValue) throw new ArgumentException($"{op}: planes of {x} have more than 2^31 positions.");
        (_p, _q) = ((_h + 2 * pad - kernel) / stride + 1, (_w + 2 * pad - kernel) / stride + 1);
    }

    /// <summary>Positions of one plane of the images.</summary>
    public long Area => _h * _w;

    /// <summary>Positions of one plane of the result.</summary>
    public long PooledArea => _p * _q;

    /// <summary>Shape of the result for images of that shape.</summary>
    public Shape Pooled(Shape x) => [x[0], x[1], _p, _q];

    /// <summary>Number of planes, N C.</summary>
    public long Planes => _planes;
}
