using System.Numerics;

namespace CudaLandscape.Tensors.Ops;

/// <summary>Launches the kernels of native/kernels/softmax.cu: a block of threads per row.</summary>
internal static class SoftmaxRows
{
    private const int FewestThreads = 32, MostThreads = 128;

    public static Tensor Run(string op, string kernel, Tensor x)
    {
        OpChecks.RequireFloat(op, x);
        if (x.Shape.Rank == 0) throw new ArgumentException($"{op}: expects at least one axis [...,C], got {x}.");
        Tensor y = Tensor.Empty(x.Device, x.Shape, x.DType, op);
        if (y.ElementCount == 0) return y;
        long n = x.Shape[-1], rows = x.ElementCount / n;
        int threads = (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(n, FewestThreads, MostThreads));
        x.Device.LaunchBlocks(kernel, x.DType, rows, threads, n, rows, n, x, y);
        return y;
    }
}
