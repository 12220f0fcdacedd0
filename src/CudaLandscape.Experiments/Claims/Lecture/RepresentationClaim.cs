using CudaLandscape.Figures;
using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Tensors.Random;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>One hidden layer separates a circle from the square around it and approximates continuous functions as it widens.</summary>
internal sealed class RepresentationClaim : IClaim
{
    private const int GridSide = 41;

    public int Item => 40;

    public string Name => "representation";

    public string Statement => "one hidden layer represents what a linear map cannot, the better the wider";

    public string Source => "Lecture note 6, section 6.4 (Hornik, 1991)";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("points", "training points in the square", 2000, 1000, 100_000),
        new("width", "hidden units of the widest layer", 320, 200, 2000),
    ];

    public ClaimResult Run(ClaimContext context)
    {
        Device device = context.Device;
        int width = context.Size("width");
        Tensor x = RandomTensor.Uniform(device, [context.Size("points"), 2], DType.Float64, context.Stream(1), -1, 1), grid = Grid(device);
        double[] Errors(Func<Tensor, Tensor> phi, int units, double steepness) =>
            [.. Predict(context, x, grid, phi, units, steepness, Wave).Zip(Values(grid, Wave), (p, t) => Math.Abs(p - t))];
        int[] widths = [width / 16, width / 8, width / 4, width / 2, width];
        double[] sigmoid = [.. widths.Select(w => Errors(t => t.Sigmoid(), w, 4).Max())];
        double[] relu = [.. widths.Select(w => RootMeanSquare(Errors(t => t.Relu(), w, 1)))];
        return new ClaimResult(
            Check.AtLeast("circle in square, linear classifier: wrong share", WrongShare(context, x, grid, t => t, 2), 0.3),
            Check.AtMost($"circle in square, {width} ReLU: wrong share", WrongShare(context, x, grid, t => t.Relu(), width), 0.05),
            Check.AtMost($"largest error on sin 3x cos 2y, {width} sigmoids", sigmoid[^1], 0.02),
            Check.AtLeast("the same error of a sixteenth of the sigmoids, as a multiple", sigmoid[0] / sigmoid[^1], 4),
            Check.AtMost($"root mean square error, {width} ReLU", relu[^1], 0.06),
            Check.AtLeast("the same error of a sixteenth of the ReLU, as a multiple", relu[0] / relu[^1], 2),
            Check.AtLeast($"largest error of {width} squares, which are polynomials", Errors(t => t.Square(), width, 1).Max(), 0.2))
        {
            Note = "Hidden weights are random, the output layer is found by least squares; errors are on a grid of 41 x 41 points.",
            Figures = [new("representation", Draw([.. widths.Select(w => (double)w)], sigmoid, relu))],
        };
    }

    private static Plot Draw(double[] widths, double[] sigmoid, double[] relu) => new(
        "One hidden layer on sin 3x cos 2y", new Axis("hidden units") { Scale = AxisScale.Log }, new Axis("error") { Scale = AxisScale.Log },
        Series.LineAndPoints("sigmoid, largest error", widths, sigmoid), Series.LineAndPoints("ReLU, root mean square error", widths, relu));

    private static double WrongShare(ClaimContext context, Tensor x, Tensor grid, Func<Tensor, Tensor> phi, int width)
    {
        double[] predicted = Predict(context, x, grid, phi, width, 1, Inside), truth = Values(grid, Inside);
        return predicted.Zip(truth).Count(p => p.First * p.Second < 0) / (double)truth.Length;
    }

    private static double RootMeanSquare(double[] errors) => Math.Sqrt(errors.Average(e => e * e));

    private static double[] Predict(
        ClaimContext context, Tensor x, Tensor grid, Func<Tensor, Tensor> phi, int width, double steepness, Func<double, double, double> target)
    {
        using TensorScope scope = new();
        double[] targets = Values(x, target);
        Tensor Features(Tensor points) => RandomHiddenLayer.Features(points, width, Math.Sqrt(2), steepness, phi, context.Stream(10));
        return RandomHiddenLayer.Predict(Features(x), Tensor.From<double>(x.Device, [targets.Length, 1], targets), Features(grid)).ToArray<double>();
    }

    // Half of the square's area.
    private static double Inside(double x, double y) => x * x + y * y < 2 / Math.PI ? 1 : -1;

    private static double Wave(double x, double y) => Math.Sin(3 * x) * Math.Cos(2 * y);

    private static double[] Values(Tensor points, Func<double, double, double> f) =>
        [.. points.ToArray<double>().Chunk(2).Select(p => f(p[0], p[1]))];

    private static Tensor Grid(Device device)
    {
        double[] axis = [.. Enumerable.Range(0, GridSide).Select(i => -1 + 2.0 * i / (GridSide - 1))];
        double[] points = [.. axis.SelectMany(x => axis.SelectMany(y => (double[])[x, y]))];
        return Tensor.From<double>(device, [GridSide * GridSide, 2], points);
    }
}
