using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.TestKit;

/// <summary>Derivatives of an op's row in float64, by the tape and by Richardson-extrapolated central differences.</summary>
public static class FiniteDifferences
{
    /// <summary>
    /// d/dx Σ f_i at 0. Terms are differentiated one by one, so that a large sum's rounding does not drown a small difference.
    /// </summary>
    public static double Richardson(Func<double, double[]> f, double h) => RichardsonEach(f, h).Sum();

    /// <summary>d/dx f_i at 0 by central differences at steps h, h/2, h/4, h/8, extrapolated: error O(h^8).</summary>
    public static double[] RichardsonEach(Func<double, double[]> f, double h)
    {
        double[][] table = [.. Enumerable.Range(0, 4).Select(i => Central(f, h / (1 << i)))];
        for (int order = 1; order < table.Length; order++)
        {
            double factor = Math.Pow(4, order);
            for (int i = 0; i < table.Length - order; i++)
                table[i] = [.. table[i + 1].Zip(table[i], (fine, coarse) => (factor * fine - coarse) / (factor - 1))];
        }

        return table[0];
    }

    /// <summary>The terms of L(x) = Σ y(x) · weights, with weights of y's shape drawn from a fixed sequence.</summary>
    public static double[] WeightedResult(OpRow row, Device device, HostArray[] inputs)
    {
        using TensorScope scope = new();
        Tensor y = row.Run(Array.ConvertAll(inputs, x => x.ToTensor(device, DType.Float64)));
        return Products(HostArray.Read(y), Weights(y.Shape, 71));
    }

    /// <summary>Gradients of the sum of <see cref="WeightedResult"/> by the tape, null for integer inputs.</summary>
    public static double[]?[] Gradients(OpRow row, Device device, HostArray[] inputs)
    {
        using TensorScope scope = new();
        (Tensor[] leaves, Tensor y) = RunRecorded(row, device, inputs);
        Tensor[] wanted = [.. leaves.Where(x => x.RequiresGradient)];
        Tensor dy = Tensor.From<double>(device, y.Shape, Weights(y.Shape, 71));
        Tensor[] gradients = Gradient.Of(y, wanted, dy);
        int next = 0;
        return Array.ConvertAll(leaves, x => x.RequiresGradient ? HostArray.Read(gradients[next++]) : null);
    }

    /// <summary>
    /// The terms of S(x, dy) = Σ_i gradient_i(x, dy) · v_i: linear in dy, and its derivative in x is the second derivative.
    /// </summary>
    public static double[] WeightedGradient(OpRow row, Device device, HostArray[] inputs, double[] dyValues)
    {
        using TensorScope scope = new();
        (Tensor[] leaves, Tensor y) = RunRecorded(row, device, inputs);
        Tensor[] wanted = [.. leaves.Where(x => x.RequiresGradient)];
        Tensor[] gradients = Gradient.Of(y, wanted, Tensor.From<double>(device, y.Shape, dyValues));
        return [.. gradients.SelectMany((g, i) => Products(HostArray.Read(g), Weights(g.Shape, 83 + i)))];
    }

    /// <summary>Gradients of the sum of <see cref="WeightedGradient"/> with respect to the float inputs and, last, dy.</summary>
    public static double[]?[] SecondGradients(OpRow row, Device device, HostArray[] inputs, double[] dyValues)
    {
        using TensorScope scope = new();
        (Tensor[] leaves, Tensor y) = RunRecorded(row, device, inputs);
        Tensor[] wanted = [.. leaves.Where(x => x.RequiresGradient)];
        Tensor dy = Tensor.From<double>(device, y.Shape, dyValues).RequireGradient();
        Tensor[] gradients = Gradient.Of(y, wanted, dy, createGraph: true);
        Tensor? sum = null;
        for (int i = 0; i < gradients.Length; i++)
        {
            Tensor weights = Tensor.From<double>(device, gradients[i].Shape, Weights(gradients[i].Shape, 83 + i));
            Tensor term = (gradients[i] * weights).Sum();
            sum = sum is null ? term : sum + term;
        }

        Tensor[] second = Gradient.Of(sum!, [.. wanted, dy]);
        int next = 0;
        double[]?[] ofInputs = Array.ConvertAll(leaves, x => x.RequiresGradient ? HostArray.Read(second[next++]) : null);
        return [.. ofInputs, HostArray.Read(second[^1])];
    }

    /// <summary>dy_k/dx_j by the tape, one backward pass per element k of y: [k][input] holds the row of that input, or null.</summary>
    public static double[]?[][] Jacobian(OpRow row, Device device, HostArray[] inputs)
    {
        using TensorScope scope = new();
        (Tensor[] leaves, Tensor y) = RunRecorded(row, device, inputs);
        return [.. Enumerable.Range(0, (int)y.ElementCount).Select(k =>
        {
            using TensorScope rowScope = new();
            double[] unit = new double[y.ElementCount];
            unit[k] = 1;
            Tensor[] gradients = Gradient.Of(y, [.. leaves.Where(x => x.RequiresGradient)], Tensor.From<double>(device, y.Shape, unit));
            int next = 0;
            return Array.ConvertAll(leaves, x => x.RequiresGradient ? HostArray.Read(gradients[next++]) : null);
        })];
    }

    public static double[] Weights(Shape shape, int seed)
    {
        System.Random random = new(seed);
        double[] weights = new double[shape.ElementCount];
        for (int i = 0; i < weights.Length; i++) weights[i] = 0.25 + random.NextDouble();
        return weights;
    }

    private static (Tensor[] Leaves, Tensor Y) RunRecorded(OpRow row, Device device, HostArray[] inputs)
    {
        Tensor[] leaves = Array.ConvertAll(inputs, x =>
        {
            Tensor leaf = x.ToTensor(device, DType.Float64);
            return leaf.DType.IsFloat() ? leaf.RequireGradient() : leaf;
        });
        return (leaves, row.Run(leaves));
    }

    private static double[] Central(Func<double, double[]> f, double step) =>
        [.. f(step).Zip(f(-step), (after, before) => (after - before) / (2 * step))];

    private static double[] Products(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x * y)];
}
