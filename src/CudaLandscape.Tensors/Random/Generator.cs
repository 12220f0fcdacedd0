using System.Runtime.InteropServices;
using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Random;

/// <summary>
/// A random sequence whose place is kept in device memory. Each draw reads the place there and moves it on, so a
/// <see cref="CapturedStep"/> that draws gives new numbers at every replay: those that the same calls would give unrecorded,
/// and that <see cref="RandomTensor"/> gives at the same place. A draw of n elements takes n numbers.
/// </summary>
public sealed class Generator : IDisposable
{
    private readonly Tensor _place;
    private readonly Kernel _advance;

    /// <summary>A generator that begins at <paramref name="start"/>.</summary>
    public Generator(Device device, RandomStream start)
    {
        _advance = device.GetKernel("random_advance");
        using TensorScope scope = new();
        _place = scope.Keep(Upload(device, start));
    }

    /// <summary>
    /// The place of the next draw. Reading it waits for the device. Setting it, to go on where a saved run stopped, is seen by
    /// recorded steps too.
    /// </summary>
    /// <exception cref="CudaException">A step is being recorded: it can only draw.</exception>
    public RandomStream Place
    {
        get => MemoryMarshal.Read<RandomStream>(_place.ToBytes());
        set
        {
            using TensorScope scope = new();
            _place.CopyFrom(Upload(_place.Device, value));
        }
    }

    private RandomSource Source
    {
        get
        {
            _place.ThrowIfReleased();
            return new RandomSource(_place.Device, default, _place);
        }
    }

    /// <summary>Uniform in (low, high).</summary>
    /// <exception cref="ArgumentException">The type is not a float type.</exception>
    public Tensor Uniform(Shape shape, DType type, double low = 0, double high = 1) =>
        MoveOn(RandomDraws.Uniform(Source, shape, type, low, high));

    /// <summary>Normal with the given mean and standard deviation.</summary>
    /// <exception cref="ArgumentException">The type is not a float type.</exception>
    public Tensor Normal(Shape shape, DType type, double mean = 0, double standardDeviation = 1) =>
        MoveOn(RandomDraws.Normal(Source, shape, type, mean, standardDeviation));

    /// <summary>
    /// mean + scale · z, where z is standard normal conditioned on |z| ≤ 2, as <see cref="RandomTensor.TruncatedNormal"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The type is not a float type.</exception>
    public Tensor TruncatedNormal(Shape shape, DType type, double mean = 0, double scale = 1) =>
        MoveOn(RandomDraws.TruncatedNormal(Source, shape, type, mean, scale));

    /// <summary>A random order of 0 … count - 1, Int32 [count].</summary>
    /// <exception cref="ArgumentOutOfRangeException">count is negative.</exception>
    public Tensor Permutation(int count) => MoveOn(RandomDraws.Permutation(Source, count));

    /// <summary>Releases the place; recorded steps that draw from it must not be replayed any more.</summary>
    public void Dispose() => _place.Dispose();

    private static Tensor Upload(Device device, RandomStream place) =>
        Tensor.From<byte>(device, [Marshal.SizeOf<RandomStream>()], MemoryMarshal.AsBytes([place]), "generator");

    private Tensor MoveOn(Tensor drawn)
    {
        if (drawn.ElementCount > 0) _place.Device.LaunchSingle(_advance, drawn.ElementCount, _place);
        return drawn;
    }
}
