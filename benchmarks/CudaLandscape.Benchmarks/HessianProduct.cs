using System.Diagnostics;
using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Our side of <c>baselines/hvp.py</c>, which starts this program and compares it with PyTorch: products of the Hessian of the
/// Figure 1 network's squared loss over many images with a vector, in float64. It writes the network, the images, the vector and
/// the product to a file, and then times as many products as asked whenever a line comes in: first with the gradient recorded
/// once for all of them, as Lanczos' iteration takes them, then with the gradient recorded for each. The network may pool before
/// the sigmoid, which is the same function, as max and a rising function commute, on a quarter of the numbers.
/// </summary>
internal static class HessianProduct
{
    /// <summary>Arguments: T1, images, products per round, <c>network</c> or <c>pool-first</c>, the file to write.</summary>
    public static void Run(string[] arguments)
    {
        int[] numbers = [.. arguments[..3].Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        (int t1, int images, int products) = (numbers[0], numbers[1], numbers[2]);
        using Device device = Device.Open(DeviceId.Default);
        using TensorScope scope = new();
        GraphModel model = arguments[3] == "pool-first" ? PoolFirst(t1) : new Figure1Network(t1);
        using ParameterSlab parameters = ParameterSlab.Initialize(model, device, DType.Float64, Initializer.GlorotUniform, 1);
        Tensor x = RandomTensor.Uniform(device, [images, 1, 28, 28], DType.Float64, new RandomStream(1, 1UL << 40));
        Tensor labels = Tensor.From<int>(device, [images], [.. Enumerable.Range(0, images).Select(i => i * 7 % 10)]);
        Tensor targets = labels.OneHot(10, DType.Float64);
        Objective objective = Objective.Of(parameters, () => model.Forward(x).SquaredLoss(targets, LossNormalization.PerEntry));
        Tensor v = RandomTensor.Normal(device, [objective.Dimension], DType.Float64, new RandomStream(1, 1UL << 41));
        Curvature curvature = new(objective);
        Export(arguments[4], parameters, ("images", x), ("labels", labels), ("v", v), ("product", curvature.HessianVectorProduct(v)));
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            if (line == "recorded") Time(products, () => curvature.HessianVectorProduct(v).Dispose());
            else Time(products, () => Whole(objective, v));
        }

        curvature.Dispose();
    }

    private static Sequential PoolFirst(int t1) => new(
        [1, 28, 28],
        ("conv1", new Conv2d([1, 28, 28], t1, kernel: 3)), ("pool1", new MaxPool2d(2)), ("sigmoid1", Activation.Sigmoid),
        ("conv2", new Conv2d([t1, 13, 13], 20, kernel: 2)), ("pool2", new MaxPool2d(2)), ("sigmoid2", Activation.Sigmoid),
        ("flatten", new Flatten()), ("fc1", new Linear(720, 100)), ("sigmoid3", Activation.Sigmoid), ("fc2", new Linear(100, 10)));

    private static void Whole(Objective objective, Tensor v)
    {
        using Curvature curvature = new(objective);
        curvature.HessianVectorProduct(v).Dispose();
    }

    private static void Export(string file, ParameterSlab parameters, params (string Name, Tensor Value)[] others)
    {
        SafetensorsTensor[] tensors =
            [.. parameters.State.Select(s => SafetensorsTensor.Of(s.Name, s.Value)), .. others.Select(o => SafetensorsTensor.Of(o.Name, o.Value))];
        using FileStream stream = File.Create(file);
        SafetensorsWriter.Write(stream, new SafetensorsFile(new Dictionary<string, string>(), tensors), seal: false);
    }

    // Milliseconds per product, wall and processor, of a round.
    private static void Time(int count, Action product)
    {
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch wall = Stopwatch.StartNew();
        for (int i = 0; i < count; i++) product();
        double elapsed = wall.Elapsed.TotalMilliseconds / count;
        double busy = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds / count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed:R} {busy:R}"));
    }
}
