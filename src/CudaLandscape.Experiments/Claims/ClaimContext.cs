using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims;

/// <summary>What a claim is computed with.</summary>
/// <param name="device">The device.</param>
/// <param name="seed">Seed of all random numbers.</param>
/// <param name="sizes">Value of every size of the claim.</param>
/// <param name="images">The first images of the training set: real MNIST where there is one, else procedural digits.</param>
/// <param name="cancellation">To be checked in long loops.</param>
/// <param name="colours">The first images of CIFAR-10's training set, or procedural shapes; shapes when left out.</param>
/// <param name="tests">The first images of the test set of <paramref name="images"/>; procedural digits when left out.</param>
internal sealed class ClaimContext(
    Device device, ulong seed, IReadOnlyDictionary<string, int> sizes, Func<int, ImageSet> images, CancellationToken cancellation = default,
    Func<int, ImageSet>? colours = null, Func<int, ImageSet>? tests = null)
{
    public Device Device => device;

    public ulong Seed => seed;

    public IReadOnlyDictionary<string, int> Sizes => sizes;

    public CancellationToken Cancellation => cancellation;

    /// <summary>The value of a size.</summary>
    /// <exception cref="ArgumentException">The claim does not declare it.</exception>
    public int Size(string name) => sizes.TryGetValue(name, out int value)
        ? value
        : throw new ArgumentException($"The claim has no size '{name}'; it has {string.Join(", ", sizes.Keys)}.");

    /// <summary>The first images of the training set.</summary>
    public ImageSet Images(int count) => images(count);

    /// <summary>The first images of the test set.</summary>
    public ImageSet TestImages(int count) => tests?.Invoke(count) ?? ProceduralDigits.Generate(count, DataSource.ProceduralTestSeed);

    /// <summary>The first colour images of 3 x 32 x 32.</summary>
    public ImageSet Colours(int count) => colours?.Invoke(count) ?? ProceduralShapes.Generate(count, DataSource.ProceduralTrainSeed);

    /// <summary>A random sequence of its own for each use.</summary>
    public RandomStream Stream(ulong use) => new(seed, use);
}
