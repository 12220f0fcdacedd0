using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Training;

/// <summary>
/// The drawn neurons of a network whose weights U stay as they were drawn: with U fixed the loss is convex in the weights V of
/// the skip connections (ICLR'19, "rand"). The outputs are then Ψ(U) Vᵀ + b. Batch normalisations keep the running statistics
/// they have, so a sample's neurons do not depend on its batch.
/// </summary>
public sealed class FrozenNeurons
{
    private const int BatchSize = 250;
    private readonly SkipNetwork _network;

    /// <summary>Freezes a network with its neurons uploaded and its parameters drawn.</summary>
    public FrozenNeurons(SkipNetwork network)
    {
        _network = network;
        network.IsTraining = false;
    }

    /// <summary>Ψ[B,N] of a batch, without a tape, in the type of the parameters.</summary>
    public Tensor Of(Tensor images)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        return scope.Return(_network.Neurons(images.Cast(_network.Parameters[0].Value.DType)));
    }

    /// <summary>Bytes of Ψ for a number of samples, in the type of the parameters.</summary>
    public long Bytes(int samples) => checked(samples * _network.NeuronCount * _network.Parameters[0].Value.DType.SizeBytes());

    /// <summary>Ψ of all samples, computed once, with their labels.</summary>
    /// <exception cref="Interop.DeviceOutOfMemoryException">Ψ does not fit the device; <see cref="Stream"/> it instead.</exception>
    public DeviceSamples Compute(DeviceSamples samples, CancellationToken cancellation = default)
    {
        using TensorScope scope = new();
        Tensor all = Tensor.Empty(
            samples.Images.Device, [samples.Count, _network.NeuronCount], _network.Parameters[0].Value.DType, "neurons");
        for (int begin = 0; begin < samples.Count; begin += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope batch = new();
            Tensor part = Of(samples.ImageRange(begin, Math.Min(BatchSize, samples.Count - begin)));
            all.Slab(begin * _network.NeuronCount, part.Shape, "neurons").CopyFrom(part);
        }

        return DeviceSamples.Of(all, samples.Labels, samples.ClassCount);
    }

    /// <summary>A module that computes Ψ anew for every batch of images and reads it out; its parameters are the readout's.</summary>
    public Module Stream(Linear readout) => new StreamedReadout(this, readout);

    private sealed class StreamedReadout(FrozenNeurons neurons, Linear readout) : Module
    {
        public override IReadOnlyList<Parameter> Parameters => readout.Parameters;

        public override Tensor Forward(Tensor x)
        {
            using TensorScope scope = new();
            return scope.Return(readout.Forward(neurons.Of(x)));
        }
    }
}
