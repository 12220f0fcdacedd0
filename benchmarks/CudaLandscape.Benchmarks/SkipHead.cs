using System.Diagnostics;
using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Our side of <c>baselines/skip_head.py</c>, which starts this program and compares it with PyTorch: forward and backward pass of the
/// head of a <see cref="SkipNetwork"/>, Ψ Vᵀ with Ψ read from the activations of VGG11, gradients of V and of all activations
/// included. It writes inputs and results to a file, prints what memory the head takes, and then times as many steps as asked
/// whenever a line comes in.
/// </summary>
internal static class SkipHead
{
    private const int Classes = 10;

    /// <summary>Arguments: batch, number of neurons, steps per round, the file to write.</summary>
    public static void Run(string[] arguments)
    {
        int[] numbers = [.. arguments[..3].Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        using Device device = Device.Open(DeviceId.Default);
        using TensorScope scope = new();
        using Head head = new(device, numbers[0], numbers[1]);
        head.Export(arguments[3]);
        device.TrimCache();
        long before = device.UsedBytes;
        device.ResetPeak();
        head.Step();
        Console.WriteLine($"{head.IndexBytes} {device.PeakBytes - before}");
        for (Round(head, device, numbers[2]); Console.ReadLine() is not null;) Round(head, device, numbers[2]);
    }

    private static void Round(Head head, Device device, int steps)
    {
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch wall = Stopwatch.StartNew();
        for (int i = 0; i < steps; i++) head.Step();
        device.Synchronize();
        double perStep = wall.Elapsed.TotalMilliseconds / steps;
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{perStep:R} {processor.TotalMilliseconds / steps:R}"));
    }

    private sealed class Head : IDisposable
    {
        private readonly IndexSet[] _neurons;
        private readonly Tensor[] _activations;
        private readonly Tensor _weights, _upstream, _places;

        public Head(Device device, int batch, int neurons)
        {
            Vgg network = new(11, Activation.Sigmoid);
            NeuronPool pool = NeuronPool.OfActivations(network);
            int[] places = pool.Draw(neurons, 1);
            IReadOnlyDictionary<string, int[]> located = pool.Locate(places);
            Node[] nodes = [.. pool.Sources.Select(s => network[s.Node])];
            _neurons = [.. nodes.Select(n => Chosen(n, located.GetValueOrDefault(n.Name, [])))];
            _activations = [.. nodes.Select((n, i) => Draw([batch, .. n.Shape], i).RequireGradient())];
            _weights = Draw([Classes, neurons], 100).RequireGradient();
            _upstream = Draw([batch, Classes], 101);
            _places = Tensor.From<int>(device, [neurons], places);

            IndexSet Chosen(Node n, int[] positions) => IndexSet.From(device, [positions.Length], positions, n.Shape.ElementCount);

            Tensor Draw(Shape shape, int use) => RandomTensor.Normal(device, shape, DType.Float32, new RandomStream(1, (ulong)use), 0, 1);
        }

        public long IndexBytes => _neurons.Sum(n => n.Bytes);

        public void Step()
        {
            using TensorScope scope = new();
            _ = Compute();
        }

        /// <summary>Inputs and results: places in the pool, activations a0, …, V and dy; outputs, and gradients of V and the activations.</summary>
        public void Export(string file)
        {
            using TensorScope scope = new();
            (Tensor outputs, Tensor[] gradients) = Compute();
            SafetensorsTensor[] tensors =
            [
                SafetensorsTensor.Of("places", _places), SafetensorsTensor.Of("v", _weights), SafetensorsTensor.Of("dy", _upstream),
                SafetensorsTensor.Of("y", outputs), .. _activations.Select((a, i) => SafetensorsTensor.Of($"a{i}", a)),
                .. gradients.Select((g, i) => SafetensorsTensor.Of($"g{i}", g)),
            ];
            using FileStream stream = File.Create(file);
            SafetensorsWriter.Write(stream, new SafetensorsFile(new Dictionary<string, string>(), tensors), seal: false);
        }

        public void Dispose()
        {
            foreach (IndexSet neurons in _neurons) neurons.Dispose();
        }

        private (Tensor Outputs, Tensor[] Gradients) Compute()
        {
            Tensor? outputs = null;
            long first = 0;
            foreach ((IndexSet neurons, Tensor layer) in _neurons.Zip(_activations))
            {
                outputs = layer.SkipReadout(_weights, neurons, first, outputs);
                first += neurons.Count;
            }

            return (outputs!, Gradient.Of(outputs!, [_weights, .. _activations], _upstream));
        }
    }
}
