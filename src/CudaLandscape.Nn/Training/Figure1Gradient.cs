using System.Runtime.InteropServices;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Nn.Training;

/// <summary>
/// Loss and gradient of networks of ICML'18, Figure 1, in two kernels (figure1.cu). Pooling goes before the sigmoid, which is
/// monotone, and gradients visit only the positions that were largest; of equal values the first before the activation counts.
/// The sums over a batch have one partial sum per group of images, whose size depends on the kind of device only.
/// </summary>
internal sealed class Figure1Gradient : IDisposable
{
    // As in native/include/figure1/layout.cuh.
    private const int Threads = 512, ReduceThreads = 256, Features = 720, Neurons = 100, HiddenPadded = 112, ClassesPadded = 16, Classes = 10;

    private readonly ParameterSlab _parameters;
    private readonly DeviceSamples _samples;
    private readonly LossNormalization _loss;
    private readonly Kernel _kernel;
    private readonly int _networks, _group, _mostFilters, _blocks, _sharedBytes, _held;
    private readonly Tensor _table, _memory, _bytes, _features, _hidden, _dHidden, _dOutput, _losses, _partials;

    /// <summary>Allocates the kernels' memory for batches of up to <paramref name="batchSize"/> images.</summary>
    public Figure1Gradient(
        IReadOnlyList<Figure1Network> networks, ParameterSlab parameters, DeviceSamples samples, int batchSize, LossNormalization loss)
    {
        (_parameters, _samples, _loss, _networks) = (parameters, samples, loss, networks.Count);
        Device device = parameters.Values.Device;
        (_mostFilters, _group) = (networks.Max(n => n.T1), device.Id.Kind == DeviceKind.Cuda ? 1 : 8);
        _group = Math.Min(_group, batchSize);
        int groups = (batchSize + _group - 1) / _group;
        _blocks = device.ResidentBlocks((long)_networks * groups, Threads);
        _kernel = device.GetKernel("figure1_gradient", parameters.Values.DType);
        long rows = (long)_networks * batchSize;
        using TensorScope scope = new();
        (_sharedBytes, _held, long elements, long bytes) = MemoryOfBlock(device);
        _table = scope.Keep(Tensor.From<byte>(device, [_networks * 10 * sizeof(long)], Table(networks, groups), "networks"));
        _memory = scope.Keep(Zeros(_blocks * elements, "scratch"));
        _bytes = scope.Keep(Tensor.Zeros(device, [_blocks * bytes], DType.UInt8, "largest"));
        _features = scope.Keep(Zeros(rows * Features, "features"));
        _hidden = scope.Keep(Zeros(rows * HiddenPadded, "hidden"));
        _dHidden = scope.Keep(Zeros(rows * HiddenPadded, "gradient of hidden"));
        _dOutput = scope.Keep(Zeros(rows * ClassesPadded, "gradient of output"));
        _losses = scope.Keep(Zeros(rows, "losses"));
        _partials = scope.Keep(Zeros(groups * networks.Sum(n => Partials(n.T1)), "partial sums"));
    }

    /// <summary>
    /// Writes the gradients of the next <paramref name="batchSize"/> samples of every network's order, laid out like the slab, and
    /// adds loss times batch size to <paramref name="lossSums"/>.
    /// </summary>
    public void Run(int batchSize, Tensor order, Tensor cursor, Tensor gradients, Tensor lossSums)
    {
        Device device = gradients.Device;
        double factor = _loss switch
        {
            LossNormalization.HalfSum => 0.5,
            LossNormalization.PerSample => 1.0 / batchSize,
            _ => 1.0 / (batchSize * Classes),
        };
        Batch batch = new(
            _networks, _samples.Count, batchSize, _group, _mostFilters, _sharedBytes > 0 ? 1 : 0, _held, 2 * factor, factor * batchSize);
        device.LaunchBlocks(
            _kernel, _blocks, Threads, _sharedBytes, batch, _table, _parameters.Values, _samples.Images, _samples.Labels,
            order, cursor, _memory, _bytes, _features, _hidden, _dHidden, _dOutput, _losses, _partials);
        device.LaunchBlocks(
            "figure1_reduce", gradients.DType, device.ResidentBlocks(_networks * 256L, ReduceThreads), ReduceThreads, batch, _table, _features,
            _hidden, _dHidden, _dOutput, _losses, _partials, gradients, lossSums);
    }

    /// <summary>Releases the kernels' memory.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in (Tensor[])[_table, _memory, _bytes, _features, _hidden, _dHidden, _dOutput, _losses, _partials])
            tensor.Dispose();
    }

    private Tensor Zeros(long count, string name) =>
        Tensor.Zeros(_parameters.Values.Device, [count], _parameters.Values.DType, $"figure1.{name}");

    // The kernel's Network: T1, the start of the partial sums, the starts of the eight parameters.
    private byte[] Table(IReadOnlyList<Figure1Network> networks, int groups)
    {
        List<long> words = [];
        long partials = 0;
        for (int n = 0, parameter = 0; n < networks.Count; n++)
        {
            words.AddRange([networks[n].T1, partials]);
            for (int i = 0; i < 8; i++) words.Add(_parameters.Offset(parameter++));
            partials += groups * Partials(networks[n].T1);
        }

        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(words)).ToArray();
    }

    // Parameters of both convolutions.
    private static long Partials(long filters) => filters * 90 + 20;

    // Bytes of shared memory for a block, and the rows of fc1.weight that fit into what others leave of it; elements and bytes of
    // global memory where a block of threads does not fit into shared memory and where a block is a worker of the fast device.
    private (int Shared, int Held, long Elements, long Bytes) MemoryOfBlock(Device device)
    {
        (long workerElements, long workerBytes, long blockBytes, long rowBytes) = MemorySizes(device);
        if (device.Context.RunsOneThreadPerBlock) return (0, 0, workerElements, workerBytes);
        int most = device.Context.MaxOptInSharedBytesPerBlock;
        if (blockBytes > most) return (0, 0, blockBytes / _parameters.Values.DType.SizeBytes(), 0);
        _kernel.AllowDynamicShared(most);
        int held = Math.Min(Neurons, (int)((most - blockBytes) / rowBytes) / 4 * 4);
        return ((int)(blockBytes + held * rowBytes), held, 0, 0);
    }

    // As the kernels lay it out: native/include/figure1/memory_sizes.cuh.
    private (long WorkerElements, long WorkerBytes, long BlockBytes, long RowBytes) MemorySizes(Device device)
    {
        using Tensor sizes = Tensor.Zeros(device, [4 * sizeof(long)], DType.UInt8, "figure1.memory");
        device.Launch("figure1_memory", _parameters.Values.DType, 1, (long)_mostFilters, (long)_group, sizes);
        ReadOnlySpan<long> found = MemoryMarshal.Cast<byte, long>(sizes.ToArray<byte>());
        return (found[0], found[1], found[2], found[3]);
    }

    // The kernel's Batch.
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Batch(
        long Networks, long Samples, long Size, long Group, long MostFilters, long InShared, long Held, double GradientScale, double LossScale);
}
