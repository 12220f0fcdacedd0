using System.Diagnostics;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims;

/// <summary>Runs claims one after the other on a device.</summary>
/// <param name="device">The device.</param>
/// <param name="seed">Seed of all random numbers.</param>
/// <param name="chosen">Sizes that were chosen; the others are the claims' own.</param>
/// <param name="images">The first images of the training set.</param>
/// <param name="cancellation">Stops it.</param>
/// <param name="colours">The first images of CIFAR-10's training set; procedural shapes when left out.</param>
/// <param name="tests">The first images of the test set; procedural digits when left out.</param>
internal sealed class ClaimRunner(
    Device device, ulong seed, IReadOnlyDictionary<string, int> chosen, Func<int, ImageSet> images, CancellationToken cancellation = default,
    Func<int, ImageSet>? colours = null, Func<int, ImageSet>? tests = null)
{
    /// <summary>Throws when a chosen size is out of range or of no claim.</summary>
    /// <exception cref="ArgumentException">The message names the size, what was given and what is expected.</exception>
    public static void Validate(IReadOnlyList<IClaim> claims, IReadOnlyDictionary<string, int> chosen)
    {
        ClaimSize[] sizes = [.. claims.SelectMany(c => c.Sizes)];
        foreach ((string name, int value) in chosen)
        {
            ClaimSize size = Array.Find(sizes, s => s.Name == name) ?? throw new ArgumentException(
                $"--size {name}: the chosen claims have no such size; they have {string.Join(", ", sizes.Select(s => s.Name).Distinct())}.");
            if (value < 1 || value > size.Most)
                throw new ArgumentException($"--size {name}={value}: {size.Meaning} must be 1 to {size.Most}.");
        }
    }

    /// <summary>Runs a claim; below its least size, and when a value is not finite, the outcome is open and says so.</summary>
    /// <exception cref="ArgumentException">What it needs does not fit the device's memory.</exception>
    public ClaimOutcome Run(IClaim claim)
    {
        Dictionary<string, int> sizes = claim.Sizes.ToDictionary(s => s.Name, s => chosen.TryGetValue(s.Name, out int v) ? v : s.Default);
        ClaimContext context = new(device, seed, sizes, images, cancellation, colours, tests);
        RequireMemory(claim, context);
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            using TensorScope scope = new();
            ClaimResult result = claim.Run(context);
            return new ClaimOutcome(claim, sizes, WithSizes(claim, sizes, result), watch.Elapsed);
        }
        catch (ArithmeticException e) when (e is not (OverflowException or DivideByZeroException))
        {
            ClaimResult stopped = new() { OpenBecause = $"stopped: {e.Message}" };
            return new ClaimOutcome(claim, sizes, stopped, watch.Elapsed) { Stopped = true };
        }
    }

    private static ClaimResult WithSizes(IClaim claim, Dictionary<string, int> sizes, ClaimResult result)
    {
        string[] small = [.. claim.Sizes.Where(s => sizes[s.Name] < s.Least).Select(s => $"{s.Name}={sizes[s.Name]} says nothing below {s.Least}")];
        return small.Length == 0 ? result : result with { OpenBecause = string.Join("; ", small) };
    }

    private void RequireMemory(IClaim claim, ClaimContext context)
    {
        long need = claim.EstimateBytes(context), free = device.Context.MemoryInfo().Free + device.CachedBytes;
        if (need > free)
            throw new ArgumentException(
                $"claim {claim.Item} {claim.Name}: it needs about {need >> 20} MiB of device memory, {free >> 20} MiB are free; choose smaller sizes.");
    }
}
