using CudaLandscape.Tensors;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.KernelStudy;

/// <summary>One row of the benchmark table at one size and type, timed.</summary>
/// <param name="Row">The row.</param>
/// <param name="Type">Float type of its inputs.</param>
/// <param name="Size">n.</param>
/// <param name="Bytes">Inputs read once and result written once; null where a call does not move all of them.</param>
/// <param name="Flops">Operations by the usual count, where there is one.</param>
/// <param name="Timing">What the timer found.</param>
internal sealed record Measured(BenchmarkRow Row, DType Type, int Size, long? Bytes, double? Flops, Timing Timing)
{
    /// <summary>Bytes per nanosecond.</summary>
    public double? Gigabytes => Bytes / (1e6 * Timing.Milliseconds);

    /// <summary>Operations per nanosecond.</summary>
    public double? Gigaflops => Flops / (1e6 * Timing.Milliseconds);

    /// <summary>Operations per byte.</summary>
    public double? Intensity => Flops / Bytes;

    /// <summary>
    /// Share of what the roofline model allows: the larger of the shares of the copy's and of the matrix product's rate. A data
    /// set smaller than the cache, which writes need not leave, can exceed 1.
    /// </summary>
    public double? ShareOf(Ceilings ceilings)
    {
        double share = Math.Max(Gigabytes / ceilings.CopyGigabytes ?? 0, Gigaflops / ceilings.Gemm(Type) ?? 0);
        return share > 0 ? share : null;
    }

    /// <summary>Times a row.</summary>
    public static Measured Of(BenchmarkRow row, DType type, int size, Device device, ColdTimer timer)
    {
        using TensorScope scope = new();
        using BenchmarkInputs inputs = new(device, type);
        Func<Tensor> call = row.Prepare(inputs, size);
        long bytes;
        using (Tensor result = call()) bytes = inputs.ByteCount + row.Written * result.Bytes;
        return new Measured(row, type, size, row.MovesAll ? bytes : null, row.Flops?.Invoke(size), timer.Measure(call));
    }
}
