using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;
using CudaLandscape.TestKit;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.KernelStudy;

/// <summary>Work of kernels that no op launches, because they draw random numbers or change tensors in place.</summary>
/// <param name="Row">What is timed; its op is the work's name.</param>
/// <param name="Source">The file that launches the kernels.</param>
/// <param name="Error">The largest error over the allowed error, on a device in a type; above 1 is wrong.</param>
/// <param name="Reference">What it is compared with.</param>
internal sealed record PlainWork(BenchmarkRow Row, string Source, Func<Device, DType, double> Error, string Reference = "plain loops in double")
{
    private const int Side = 1024, Checked = 4096;
    private const double Rate = 1e-3, Momentum = 0.9, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-7;

    private static readonly RandomStream s_stream = new(1, 7);

    /// <summary>All of it.</summary>
    public static IReadOnlyList<PlainWork> All { get; } =
    [
        new(Draws("random_uniform", RandomTensor.Uniform), "src/CudaLandscape.Tensors/Random/RandomDraws.cs", UniformError),
        new(Draws("random_normal", RandomTensor.Normal), "src/CudaLandscape.Tensors/Random/RandomDraws.cs", NormalError,
            "mean and variance of the distribution"),
        new(Draws("random_truncated_normal", RandomTensor.TruncatedNormal), "src/CudaLandscape.Tensors/Random/RandomDraws.cs", TruncatedNormalError,
            "mean and variance of the distribution, and its bounds"),
        new(new BenchmarkRow("permutation", "[n n]", Side / 4, (i, n) => () => RandomTensor.Permutation(i.Device, n * n, s_stream)) { MovesAll = false },
            "src/CudaLandscape.Tensors/Random/RandomDraws.cs", PermutationError),
        new(new BenchmarkRow("optimizer_sgd", "[n,n], momentum", Side, PrepareSgd) { Written = 2 }, "src/CudaLandscape.Nn/Optimizers/Sgd.cs", SgdError),
        new(new BenchmarkRow("optimizer_adam", "[n,n]", Side, PrepareAdam) { Written = 3 }, "src/CudaLandscape.Nn/Optimizers/Adam.cs", AdamError),
    ];

    /// <summary>Compares the work in both types.</summary>
    public OpCheck Check(Device device)
    {
        double in64 = Error(device, DType.Float64), in32 = Error(device, DType.Float32);
        return new OpCheck(1, in64, in32, in64 <= 1 && in32 <= 1 ? [] : [Row.ToString()]) { Reference = Reference };
    }

    private static BenchmarkRow Draws(string name, Func<Device, Shape, DType, RandomStream, double, double, Tensor> draw) =>
        new(name, "[n,n]", Side, (i, n) => () => draw(i.Device, [n, n], i.Type, s_stream, 0, 1));

    private static double UniformError(Device device, DType type)
    {
        using Tensor y = RandomTensor.Uniform(device, [Checked], type, s_stream);
        return Worst(y, i => Philox.Uniform(s_stream, (ulong)i), type);
    }

    private static double NormalError(Device device, DType type)
    {
        using Tensor y = RandomTensor.Normal(device, [Checked], type, s_stream);
        return MomentError(HostArray.Read(y), variance: 1, fourthMoment: 3);
    }

    // The normal distribution cut off at ±2, by parts: E x² = 1 - 2 d and E x⁴ = 3 E x² - 8 d, d = 2 φ(2) / (Φ(2) - Φ(-2)) = 0.1131293.
    private static double TruncatedNormalError(Device device, DType type)
    {
        using Tensor y = RandomTensor.TruncatedNormal(device, [Checked], type, s_stream);
        double[] values = HostArray.Read(y);
        return values.Any(x => Math.Abs(x) > 2) ? double.PositiveInfinity : MomentError(values, variance: 0.773741, fourthMoment: 1.416189);
    }

    // Mean 0 and variance of a sample whose draws are fixed: six standard deviations of each are allowed.
    private static double MomentError(double[] values, double variance, double fourthMoment)
    {
        double mean = values.Average(), found = values.Average(x => (x - mean) * (x - mean));
        double ofMean = Math.Sqrt(variance / values.Length), ofVariance = Math.Sqrt((fourthMoment - variance * variance) / values.Length);
        return Math.Max(Math.Abs(mean) / ofMean, Math.Abs(found - variance) / ofVariance) / 6;
    }

    private static double PermutationError(Device device, DType type)
    {
        using Tensor order = RandomTensor.Permutation(device, Checked, s_stream);
        return order.ToArray<int>().SequenceEqual(Philox.Permutation(s_stream, Checked)) ? 0 : double.PositiveInfinity;
    }

    private static Func<Tensor> PrepareSgd(BenchmarkInputs i, int n)
    {
        Tensor p = i.Data([n, n]), g = i.Data([n, n]), v = i.Data([n, n]), schedule = Schedule(i.Device);
        return () => Sgd(p, g, v, schedule);
    }

    private static Func<Tensor> PrepareAdam(BenchmarkInputs i, int n)
    {
        Tensor p = i.Data([n, n]), g = i.Data([n, n]), m = i.Data([n, n]), v = i.Data([n, n]), schedule = Schedule(i.Device), moments = Moments(i.Device);
        return () => Adam(p, g, m, v, schedule, moments);
    }

    private static double SgdError(Device device, DType type)
    {
        using TensorScope scope = new();
        using BenchmarkInputs i = new(device, type);
        Tensor p = i.Data([Checked]), g = i.Data([Checked]), v = i.Data([Checked]);
        double[] p0 = HostArray.Read(p), g0 = HostArray.Read(g), v0 = HostArray.Read(v);
        Sgd(p, g, v, Schedule(device));
        return Worst(p, k => p0[k] - Rate * (Momentum * v0[k] + g0[k]), type);
    }

    private static double AdamError(Device device, DType type)
    {
        using TensorScope scope = new();
        using BenchmarkInputs i = new(device, type);
        Tensor p = i.Data([Checked]), g = i.Data([Checked]), m = i.Data([Checked]), v = i.Data([Checked]);
        double[] p0 = HostArray.Read(p), g0 = HostArray.Read(g), m0 = HostArray.Read(m), v0 = HostArray.Read(v);
        Adam(p, g, m, v, Schedule(device), Moments(device));
        return Worst(p, k => p0[k] - Rate * (Mean(m0[k], g0[k], Beta1) / (Math.Sqrt(Mean(v0[k], g0[k] * g0[k], Beta2)) + Epsilon)), type);

        static double Mean(double old, double fresh, double beta) => (beta * old + (1 - beta) * fresh) / (1 - beta);
    }

    // The results are views: releasing them keeps the parameters.
    private static Tensor Sgd(Tensor p, Tensor g, Tensor v, Tensor schedule)
    {
        SgdSizes sizes = new(Momentum, 0, 0, 0);
        p.Device.Launch("optimizer_sgd", p.DType, p.ElementCount, sizes, schedule, p.ElementCount, p, g, v);
        return p.Reshape(p.Shape);
    }

    private static Tensor Adam(Tensor p, Tensor g, Tensor m, Tensor v, Tensor schedule, Tensor moments)
    {
        p.Device.Launch("optimizer_adam", p.DType, p.ElementCount, schedule, moments, p.ElementCount, p, g, m, v);
        return p.Reshape(p.Shape);
    }

    // The structs of optimizer.cu: LearningRate, whose last member is the present rate, and AdamState after its first step.
    private static Tensor Schedule(Device device) => Tensor.From<double>(device, [8], [Rate, 0, 1, 0, 0, 0, 1, Rate], "rate");

    private static Tensor Moments(Device device) => Tensor.From<double>(device, [5], [Beta1, Beta2, Epsilon, Beta1, Beta2], "moments");

    private static double Worst(Tensor y, Func<int, double> expected, DType type)
    {
        double[] values = HostArray.Read(y);
        double allowed = type == DType.Float64 ? 1e-13 : 16 * Math.Pow(2, -23) * values.Max(Math.Abs);
        return values.Select((value, i) => Math.Abs(value - expected(i)) / allowed).Max();
    }

    private readonly record struct SgdSizes(double Momentum, double WeightDecay, long Nesterov, long Keras);
}
