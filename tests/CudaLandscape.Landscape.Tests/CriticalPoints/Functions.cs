using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.CriticalPoints;

/// <summary>Objectives whose critical points are known, and a small network whose are not.</summary>
internal static class Functions
{
    /// <summary>(x² - 1)² / 4 + y² / 2: minima at (±1, 0), a saddle of index 1 at the origin.</summary>
    public static Objective DoubleWell(double x, double y) => Of([x, y], p => (At(p, 0).Square().Scale(1, -1).Square().Scale(0.25) + At(p, 1).Square().Scale(0.5)).Sum());

    /// <summary>(x² + y² - 1)²: a circle of minima, the origin a maximum.</summary>
    public static Objective Circle(double x, double y) => Of([x, y], p => p.Square().Sum().Scale(1, -1).Square());

    public static Objective Of(double[] start, Func<Tensor, Tensor> function)
    {
        Tensor parameters = Tensor.From<double>(TestDevices.Primary, [start.Length], start).RequireGradient();
        return new Objective([parameters], () => function(parameters));
    }

    /// <summary>A 3-4-2 network on 6 samples with the loss ½ ‖F - Y‖²; 26 parameters.</summary>
    public static (ParameterSlab Slab, Objective Objective) Network(Activation activation, ulong seed)
    {
        Sequential model = new([3], new Linear(3, 4), activation, new Linear(4, 2));
        ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float64, Initializer.GlorotUniform, seed);
        Tensor x = TestData.Spread([6, 3], 1).ToTensor(TestDevices.Primary, DType.Float64);
        Tensor y = TestData.Spread([6, 2], 2).ToTensor(TestDevices.Primary, DType.Float64);
        return (slab, Objective.Of(slab, () => model.Forward(x).SquaredLoss(y, LossNormalization.HalfSum)));
    }

    /// <summary>The Hessian by central differences of the gradient.</summary>
    public static double[,] FiniteDifferenceHessian(Objective objective, double step = 1e-5)
    {
        using TensorScope scope = new();
        double[] point = objective.Point().ToArray<double>();
        double[,] hessian = new double[point.Length, point.Length];
        for (int i = 0; i < point.Length; i++)
        {
            double[] up = GradientAt(objective, point, i, step), down = GradientAt(objective, point, i, -step);
            for (int j = 0; j < point.Length; j++) hessian[i, j] = (up[j] - down[j]) / (2 * step);
        }

        objective.MoveTo(Tensor.From<double>(objective.Device, [point.Length], point));
        return hessian;
    }

    private static double[] GradientAt(Objective objective, double[] point, int i, double step)
    {
        double[] moved = (double[])point.Clone();
        moved[i] += step;
        objective.MoveTo(Tensor.From<double>(objective.Device, [point.Length], moved));
        return objective.Gradient().Gradient.ToArray<double>();
    }

    private static Tensor At(Tensor p, int i) => p.Slice(0, i, i + 1);
}
