using CudaLandscape.Tensors;
using CudaLandscape.TestKit;
using CudaLandscape.TestKit.Table;

namespace CudaLandscape.KernelStudy;

/// <summary>
/// An op's rows of the op table on a device: how far its results are from the formula, as plain loops compute it in double, in
/// units of what the row allows.
/// </summary>
/// <param name="Rows">Rows compared, each in float64 and float32.</param>
/// <param name="Worst64">Largest error over allowed error in float64.</param>
/// <param name="Worst32">The same in float32.</param>
/// <param name="Wrong">Rows beyond what they allow.</param>
internal sealed record OpCheck(int Rows, double Worst64, double Worst32, IReadOnlyList<string> Wrong)
{
    private const double Tolerance64 = 1e-13;

    /// <summary>What it was compared with.</summary>
    public string Reference { get; init; } = "plain loops in double";

    /// <summary>Compares every row of an op, or work without one.</summary>
    public static OpCheck Of(string op, Device device) =>
        OpNames.WithoutOp(op)?.Check(device) ?? Of([.. OpTable.Rows.Where(row => row.Op == op)], device);

    /// <summary>Compares these rows.</summary>
    public static OpCheck Of(OpRow[] rows, Device device)
    {
        double[] in64 = Array.ConvertAll(rows, row => Error(row, device, DType.Float64));
        double[] in32 = Array.ConvertAll(rows, row => Error(row, device, DType.Float32));
        string[] wrong = [.. rows.Where((_, i) => !(in64[i] <= 1 && in32[i] <= 1)).Select(row => row.ToString())];
        return new OpCheck(rows.Length, in64.DefaultIfEmpty().Max(), in32.DefaultIfEmpty().Max(), wrong);
    }

    private static double Error(OpRow row, Device device, DType type)
    {
        using TensorScope scope = new();
        HostArray[] inputs = type == DType.Float64 ? row.Inputs : Array.ConvertAll(row.Inputs, x => x.Rounded());
        double[] expected = row.Reference(inputs).Values;
        double[] actual = HostArray.Read(row.Run(Array.ConvertAll(inputs, x => x.ToTensor(device, type))));
        double scale = expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        double allowed = type == DType.Float64 ? Tolerance64 * Math.Max(1, scale) : row.Float32Tolerance * Math.Pow(2, -23) * scale;
        return expected.Length == actual.Length ? expected.Zip(actual, (e, a) => Distance(e, a, allowed)).DefaultIfEmpty(0).Max() : double.PositiveInfinity;
    }

    // NaN equals NaN and an infinity itself; a finite number is never close to either.
    private static double Distance(double expected, double actual, double allowed)
    {
        if (!double.IsFinite(expected) || !double.IsFinite(actual)) return expected.Equals(actual) ? 0 : double.PositiveInfinity;
        double error = Math.Abs(actual - expected);
        return error == 0 ? 0 : error / allowed;
    }
}
