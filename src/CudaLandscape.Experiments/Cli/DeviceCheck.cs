using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Experiments.Cli;

/// <summary>A small piece of work for one of the libraries the engine is built on: what is wrong on a machine gets a name.</summary>
/// <param name="Name">What was computed.</param>
/// <param name="Outcome">"right", "WRONG", or what failed.</param>
internal sealed record DeviceCheck(string Name, string Outcome)
{
    private const string Right = "right";

    private static readonly (string Name, Func<Device, bool> IsRight)[] s_checks =
    [
        ("float32 product", device => Product(device, DType.Float32)),
        ("float64 product", device => Product(device, DType.Float64)),
        ("factorisation", Factorisation),
        ("singular values", SingularValues),
        ("recorded step", RecordedStep),
    ];

    /// <summary>Whether the result was the expected one.</summary>
    public bool IsRight => Outcome == Right;

    /// <summary>All checks on a device, whether the ones before them failed or not.</summary>
    public static DeviceCheck[] Run(Device device) => Array.ConvertAll(s_checks, check => new DeviceCheck(check.Name, Try(check.IsRight, device)));

    /// <summary>Such as "factorisation right".</summary>
    public override string ToString() => $"{Name} {Outcome}";

    private static string Try(Func<Device, bool> isRight, Device device)
    {
        try
        {
            using TensorScope scope = new();
            return isRight(device) ? Right : "WRONG";
        }
        catch (Exception e) when (e is CudaException or ArithmeticException)
        {
            return $"FAILED ({e.Message})";
        }
    }

    // 1 + 2^-20 is no number of TF32's, which has 10 bits of mantissa.
    private static bool Product(Device device, DType type)
    {
        double near = 1 + Math.ScaleB(1, -20);
        Tensor a = Matrix(device, near, 0, 3, 4).Cast(type), b = Matrix(device, 1, 2, 0, 1).Cast(type);
        return a.MatMul(b).Cast(DType.Float64).ToArray<double>().AsSpan().SequenceEqual([near, 2 * near, 3, 10]);
    }

    private static bool Factorisation(Device device) =>
        Matrix(device, 4, 2, 2, 10).Cholesky().ToArray<double>().Zip([2.0, 0, 1, 3]).All(IsClose);

    private static bool SingularValues(Device device) =>
        Matrix(device, 0, 2, -3, 0).SingularValues().ToArray<double>().Zip([3.0, 2]).All(IsClose);

    // Multiplied by b once when it is recorded and twice by the replays.
    private static bool RecordedStep(Device device)
    {
        Tensor x = Matrix(device, 1, 0, 0, 1), b = Matrix(device, 1, 5, 0, 1);
        using CapturedStep step = CapturedStep.Record(device, () =>
        {
            using TensorScope inner = new();
            x.CopyFrom(x.MatMul(b));
        });
        step.Replay();
        step.Replay();
        return x.ToArray<double>() is [1, 15, 0, 1];
    }

    private static Tensor Matrix(Device device, params ReadOnlySpan<double> values) => Tensor.From(device, [2, 2], values);

    private static bool IsClose((double Actual, double Expected) pair) => Math.Abs(pair.Actual - pair.Expected) < 1e-12;
}
