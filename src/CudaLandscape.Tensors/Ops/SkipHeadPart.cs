namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The share of one layer in the head of a skip network: which columns of the weights are its neurons', and the kernels that its
/// three ops have in common. The neurons' positions are the first of the table of an <see cref="IndexSet"/>.
/// </summary>
internal readonly record struct SkipHeadPart(long Count, long First)
{
    // As in native/kernels/skip_head.cu. Only the chunk and its lanes have a say in the order of addition.
    private const long Chunk = 2048, OutputTile = 10, NeuronTile = 128;
    private const int Lanes = 128;

    /// <summary>The share of the chosen neurons of a layer.</summary>
    /// <exception cref="ArgumentException">The positions do not rise, or were made for samples of another size.</exception>
    public static SkipHeadPart Of(string op, IndexSet neurons, Shape layer, long first)
    {
        if (layer.Rank < 2 || Shape.Create(layer.Sizes[1..]).ElementCount != neurons.Size)
            throw new ArgumentException($"{op}: the positions were made for samples of {neurons.Size} neurons, got a layer {layer}.");
        if (!neurons.IsRising)
            throw new ArgumentException($"{op}: expects positions in rising order, each once; sort the {neurons.Count} given, or Gather them.");
        return new SkipHeadPart(neurons.Count, first);
    }

    /// <summary>Refuses operands that do not belong together: layer x[B, …], weights v[m, N], gradient or result y[B, m].</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public void Require(string op, Tensor a, Tensor b, Shape x, Shape v, Shape y)
    {
        OpChecks.RequireSameFloat(op, a, b);
        if (x.Rank < 2 || v.Rank != 2 || y.Rank != 2 || x[0] != y[0] || v[0] != y[1])
            throw new ArgumentException($"{op}: expects a layer [B, …], weights [m,N] and outputs [B,m], got {x}, {v} and {y}.");
        if (First < 0 || Count > v[1] - First)
            throw new ArgumentException($"{op}: the weights {v} have no columns {First} to {First + Count - 1} for {Count} neurons.");
    }

    /// <summary>before + Σ_k x[b, positions[k]] v[c, first + k], or without before.</summary>
    public Tensor Readout(string op, Tensor x, Tensor v, Tensor table, Tensor? before)
    {
        Shape shape = [x.Shape[0], v.Shape[0]];
        if (Count == 0 && before is not null) return before.View(shape, 0, op, null);
        if (Count == 0 || shape.ElementCount == 0) return Tensor.Zeros(x.Device, shape, x.DType, op);
        using TensorScope scope = new();
        Tensor y = Tensor.Empty(x.Device, shape, x.DType, op);
        (long chunks, long tiles) = ((Count + Chunk - 1) / Chunk, (shape[1] + OutputTile - 1) / OutputTile);
        Tensor part = Tensor.Empty(x.Device, [chunks, .. shape], x.DType, "partial sums");
        Size size = SizeOf(x.Shape, v.Shape, isFresh: false);
        Device device = x.Device;
        int blocks = device.ResidentBlocks(chunks * tiles * shape[0], Lanes);
        device.LaunchBlocks("skip_head_partial", x.DType, blocks, Lanes, size, table, x, v, part);
        device.Launch("skip_head_sum", x.DType, y.ElementCount, size, part, Address(before), y);
        return scope.Return(y);
    }

    /// <summary>Adds to the gradients of the layer and of the weights; either may be null, and what only it needs as well.</summary>
    /// <param name="xShape">Shape of the layer.</param>
    /// <param name="vShape">Shape of the weights.</param>
    /// <param name="x">The layer, read for dv.</param>
    /// <param name="v">The weights, read for dx.</param>
    /// <param name="dy">Gradient of the outputs.</param>
    /// <param name="table">Table of the positions.</param>
    /// <param name="dx">Gradient of the layer.</param>
    /// <param name="isFresh">Whether dx is not set yet; it is then written whole.</param>
    /// <param name="dv">Gradient of the weights.</param>
    public void AddGradients(
        Shape xShape, Shape vShape, Tensor? x, Tensor? v, Tensor dy, Tensor table, Tensor? dx, bool isFresh, Tensor? dv)
    {
        if (isFresh && dx is { Bytes: > 0 } && (Count == 0 || vShape[0] == 0)) dx.Device.Stream.Fill8(dx.Address, 0, dx.Bytes);
        if (Count == 0 || dy.ElementCount == 0) return;
        long tiles = (Count + NeuronTile - 1) / NeuronTile;
        dy.Device.LaunchBlocks(
            "skip_head_gradient", dy.DType, dy.Device.ResidentBlocks(tiles, (int)NeuronTile), (int)NeuronTile, SizeOf(xShape, vShape, isFresh),
            table, Address(x), Address(v), dy, Address(dx), Address(dv));
    }

    private Size SizeOf(Shape x, Shape v, bool isFresh) =>
        new(x[0], x[0] == 0 ? 0 : x.ElementCount / x[0], Count, v[0], v[1], First, isFresh ? 1 : 0);

    private static KernelArgument Address(Tensor? tensor) => tensor is null ? 0L : tensor;

    /// <summary>The kernels' <c>SkipHead</c>.</summary>
    private readonly record struct Size(long Batch, long LayerSize, long Count, long Outputs, long Total, long First, long IsFresh);
}
