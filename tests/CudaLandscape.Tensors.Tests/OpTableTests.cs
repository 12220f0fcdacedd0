using CudaLandscape.TestKit.Table;

namespace CudaLandscape.Tensors.Tests;

/// <summary>The tests derived from every row of the op table.</summary>
[Collection("device")]
public sealed class OpTableTests
{
    [Theory, MemberData(nameof(OpTable.Names), MemberType = typeof(OpTable))]
    public void Values_match_the_formula_in_float64(string name)
    {
        OpRow row = OpTable.Get(name);
        HostArray expected = row.Reference(row.Inputs);
        using TensorScope scope = new();
        Tensor y = row.Run(Array.ConvertAll(row.Inputs, x => x.ToTensor(TestDevices.Primary, DType.Float64)));
        Assert.Equal(expected.Shape, y.Shape);
        Close.ToScale(expected.Values, HostArray.Read(y), 1e-13, 1, name);
    }

    [Theory, MemberData(nameof(OpTable.Names), MemberType = typeof(OpTable))]
    public void Values_match_the_formula_in_float32(string name)
    {
        OpRow row = OpTable.Get(name);
        HostArray[] inputs = Array.ConvertAll(row.Inputs, x => x.Rounded());
        using TensorScope scope = new();
        Tensor y = row.Run(Array.ConvertAll(inputs, x => x.ToTensor(TestDevices.Primary, DType.Float32)));
        if (row.FollowsType) Assert.Equal(DType.Float32, y.DType);
        // In units of the largest value, however small that is.
        Close.ToScale(row.Reference(inputs).Values, HostArray.Read(y), row.Float32Tolerance * Math.Pow(2, -23), 0, name);
    }

    [SkippableTheory, MemberData(nameof(OpTable.Names), MemberType = typeof(OpTable))]
    public void Check_device_gives_the_same_bits(string name)
    {
        OpRow row = OpTable.Get(name);
        foreach (DType type in (DType[])[DType.Float32, DType.Float64])
        {
            using TensorScope scope = new();
            byte[] fast = row.Run(Array.ConvertAll(row.Inputs, x => x.ToTensor(TestDevices.Primary, type))).ToBytes();
            byte[] check = row.Run(Array.ConvertAll(row.Inputs, x => x.ToTensor(TestDevices.Check, type))).ToBytes();
            Assert.True(fast.AsSpan().SequenceEqual(check), $"{name} {type}: the devices' results differ in their bits");
        }
    }

    [Theory, MemberData(nameof(OpTable.Differentiable), MemberType = typeof(OpTable))]
    public void First_derivative_matches_finite_differences(string name)
    {
        OpRow row = OpTable.Get(name);
        double[]?[] gradients = FiniteDifferences.Gradients(row, TestDevices.Primary, row.Inputs);
        for (int i = 0; i < row.Inputs.Length; i++)
        {
            if (gradients[i] is not { } gradient) continue;
            CompareToDifferences(gradient, row.Inputs, i, row.Step, 1e-9, $"{name}, input {i}",
                x => FiniteDifferences.WeightedResult(row, TestDevices.Primary, x));
        }
    }

    // Every entry by itself: a weighted sum could hide two errors that cancel.
    [Theory, MemberData(nameof(OpTable.SmallDifferentiable), MemberType = typeof(OpTable))]
    public void Every_entry_of_the_jacobian_matches_finite_differences(string name)
    {
        OpRow row = OpTable.Get(name);
        double[]?[][] jacobian = FiniteDifferences.Jacobian(row, TestDevices.Primary, row.Inputs);
        for (int i = 0; i < row.Inputs.Length; i++)
        {
            for (int j = 0; j < row.Inputs[i].Values.Length && row.Inputs[i].Type.IsFloat(); j++)
            {
                double[] expected = FiniteDifferences.RichardsonEach(h => Values(row, i, j, h), row.Step);
                Close.ToScale(expected, [.. jacobian.Select(k => k[i]![j])], 1e-9, 1, $"{name}, column {j} of input {i}");
            }
        }
    }

    [Theory, MemberData(nameof(OpTable.Differentiable), MemberType = typeof(OpTable))]
    public void Second_derivative_matches_finite_differences(string name)
    {
        OpRow row = OpTable.Get(name);
        double[] dy = FiniteDifferences.Weights(row.Reference(row.Inputs).Shape, 71);
        double[]?[] second = FiniteDifferences.SecondGradients(row, TestDevices.Primary, row.Inputs, dy);
        for (int i = 0; i < row.Inputs.Length; i++)
        {
            if (second[i] is not { } gradient) continue;
            CompareToDifferences(gradient, row.Inputs, i, row.Step, 1e-7, $"{name}, input {i}",
                x => FiniteDifferences.WeightedGradient(row, TestDevices.Primary, x, dy));
        }

        HostArray[] asInput = [new HostArray([dy.Length], dy)];
        CompareToDifferences(second[^1]!, asInput, 0, 1e-2, 1e-9, $"{name}, dy",
            x => FiniteDifferences.WeightedGradient(row, TestDevices.Primary, row.Inputs, x[0].Values));
    }

    // Every element of a small input; of a large one a sample of positions that reaches both ends.
    private static void CompareToDifferences(
        double[] gradient, HostArray[] inputs, int which, double step, double tolerance, string what, Func<HostArray[], double[]> f)
    {
        HostArray input = inputs[which];
        Assert.Equal(input.Values.Length, gradient.Length);
        int[] positions = [.. Enumerable.Range(0, gradient.Length).Where(i => i % Math.Max(1, gradient.Length / 40) == 0 || i == gradient.Length - 1)];
        double[] expected = Array.ConvertAll(positions, position => FiniteDifferences.Richardson(
            h => f([.. inputs.Select((x, i) => i == which ? x.WithValue(position, x.Values[position] + h) : x)]), step));
        Close.ToScale(expected, Array.ConvertAll(positions, p => gradient[p]), tolerance, 1, what);
    }

    private static double[] Values(OpRow row, int which, int position, double h)
    {
        using TensorScope scope = new();
        return HostArray.Read(row.Run([.. row.Inputs.Select((x, i) =>
            (i == which ? x.WithValue(position, x.Values[position] + h) : x).ToTensor(TestDevices.Primary, DType.Float64))]));
    }
}
