using CudaLandscape.Interop;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Tests;

/// <summary>Draws whose place is in device memory: one sequence, whether they are recorded and replayed or not.</summary>
[Collection("device")]
public sealed class GeneratorTests
{
    private const int Steps = 5, Count = 37;
    private static readonly RandomStream s_start = new(0x1234_5678_9abc_def0, 1UL << 50, 5);

    private static readonly Dictionary<string, (DType Type, Func<Generator, Tensor> Run)> s_draws = new()
    {
        ["uniform"] = (DType.Float32, g => g.Uniform([Count], DType.Float32, -1, 3)),
        ["normal"] = (DType.Float64, g => g.Normal([Count], DType.Float64, 2, 0.5)),
        ["truncated normal"] = (DType.Float32, g => g.TruncatedNormal([Count], DType.Float32, 0, 2)),
        ["permutation"] = (DType.Int32, g => g.Permutation(Count)),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string device in (string[])["primary", "check"])
            {
                foreach (string draw in s_draws.Keys) cases.Add(device, draw);
            }

            return cases;
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Replays_draw_the_bits_of_the_unrecorded_sequence(string device, string draw)
    {
        (DType type, Func<Generator, Tensor> run) = s_draws[draw];
        byte[][] plain = Draws(TestDevices.Get(device), type, run, captured: false);
        byte[][] replayed = Draws(TestDevices.Get(device), type, run, captured: true);
        for (int step = 0; step < Steps; step++)
        {
            Assert.True(plain[step].AsSpan().SequenceEqual(replayed[step]), $"step {step} differs in its bits");
            if (step > 0) Assert.False(plain[step].AsSpan().SequenceEqual(plain[step - 1]), $"step {step} repeats the one before");
        }
    }

    [SkippableTheory, MemberData(nameof(TestDevices.Names), MemberType = typeof(TestDevices))]
    public void Draws_follow_one_another_in_the_stream(string name)
    {
        Device device = TestDevices.Get(name);
        using TensorScope scope = new();
        using Generator generator = new(device, s_start);
        double[] drawn =
        [
            .. generator.Normal([3, 4], DType.Float64).ToArray<double>(), .. generator.Normal([0], DType.Float64).ToArray<double>(),
            .. generator.Normal([5], DType.Float64).ToArray<double>(),
        ];
        Assert.Equal(RandomTensor.Normal(device, [17], DType.Float64, s_start).ToArray<double>(), drawn);
        Assert.Equal(Philox.Permutation(s_start.Skip(17), 9), generator.Permutation(9).ToArray<int>());
        Assert.Equal(s_start.Skip(26), generator.Place);
    }

    [SkippableTheory, MemberData(nameof(TestDevices.Names), MemberType = typeof(TestDevices))]
    public void A_restored_place_continues_the_sequence_also_in_a_recorded_step(string name)
    {
        Device device = TestDevices.Get(name);
        using TensorScope scope = new();
        using Generator generator = new(device, s_start);
        Tensor result = Tensor.Empty(device, [Count], DType.Float64);
        using CapturedStep step = CapturedStep.Record(device, () => Step(generator, s_draws["normal"].Run, result));
        RandomStream saved = generator.Place;
        byte[][] first = [.. Enumerable.Range(0, 3).Select(_ => Replay(step, result))];
        generator.Place = saved;
        Assert.Equal(first, [.. Enumerable.Range(0, 3).Select(_ => Replay(step, result))]);

        using Generator another = new(device, saved);
        Assert.Equal(first[0], s_draws["normal"].Run(another).ToBytes());

        // Seed and stream are in device memory too.
        generator.Place = new RandomStream(8, 9, 10);
        Assert.Equal(RandomTensor.Normal(device, [Count], DType.Float64, new(8, 9, 10), 2, 0.5).ToBytes(), Replay(step, result));
    }

    [SkippableTheory, MemberData(nameof(TestDevices.Names), MemberType = typeof(TestDevices))]
    public void A_generator_belongs_to_its_caller_and_leaves_nothing_behind(string name)
    {
        Device device = TestDevices.Get(name);
        long used = device.UsedBytes;
        Generator generator;
        using (TensorScope scope = new()) generator = new Generator(device, s_start);
        Assert.Equal(s_start, generator.Place);
        generator.Dispose();
        Assert.Equal(used, device.UsedBytes);
        Assert.Throws<ObjectDisposedException>(() => generator.Uniform([1], DType.Float32));
        Assert.Equal(used, device.UsedBytes);
    }

    [SkippableFact]
    public void Setting_the_place_while_a_step_is_recorded_is_refused()
    {
        Device device = TestDevices.Primary;
        using Generator generator = new(device, s_start);
        bool warm = false;
        Assert.Throws<CudaException>(() => CapturedStep.Record(device, () =>
        {
            if (warm) generator.Place = s_start;
            warm = true;
        }));
        Assert.Equal(s_start, generator.Place);
    }

    private static byte[][] Draws(Device device, DType type, Func<Generator, Tensor> draw, bool captured)
    {
        using TensorScope scope = new();
        using Generator generator = new(device, s_start);
        Tensor result = Tensor.Empty(device, [Count], type);
        List<byte[]> drawn = [];
        CapturedStep? step = null;
        for (int i = 0; i < Steps; i++)
        {
            if (!captured) Step(generator, draw, result);
            else if (step is null) step = CapturedStep.Record(device, () => Step(generator, draw, result));
            else step.Replay();
            drawn.Add(result.ToBytes());
        }

        step?.Dispose();
        return [.. drawn];
    }

    private static void Step(Generator generator, Func<Generator, Tensor> draw, Tensor result)
    {
        using TensorScope scope = new();
        result.CopyFrom(draw(generator));
    }

    private static byte[] Replay(CapturedStep step, Tensor result)
    {
        step.Replay();
        return result.ToBytes();
    }
}
