using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

[Collection("device")]
public sealed class EvaluationTests
{
    [SkippableTheory]
    [InlineData("primary", 1)]
    [InlineData("primary", 999)]
    [InlineData("primary", 1000)]
    [InlineData("primary", 2345)]
    [InlineData("check", 1007)]
    public void Loss_and_errors_are_those_of_the_loops(string name, int count)
    {
        Device device = TestDevices.Get(name);
        ImageSet set = Tiny.Images(count, seed: 8);
        Tiny model = new();
        using ParameterSlab slab = model.Draw(device);
        using DeviceSamples samples = DeviceSamples.Upload(device, set);
        TinyLoops loops = new(Tiny.Read(slab), HostArray.Read(samples.Images), set.Labels);
        double sum = loops.SquaredSum();
        Evaluation evaluation = Evaluation.Of(model, samples);
        Assert.Equal(sum / (count * 3.0), evaluation.Loss, 1e-5 * sum / count);
        Assert.Equal(sum / 2, evaluation.HalfSum, 1e-5 * sum);
        Assert.Equal(Errors(loops.Outputs(), set.Labels), evaluation.Errors);
    }

    [Fact]
    public void Every_error_of_the_last_partial_batch_counts()
    {
        Tiny model = new();
        using ParameterSlab slab = model.Draw(TestDevices.Primary);
        ImageSet set = Tiny.Images(1003, seed: 8);
        double[] pixels = Array.ConvertAll(set.Pixels, p => p / 255.0);
        int[] best = Array.ConvertAll(new TinyLoops(Tiny.Read(slab), pixels, set.Labels).Outputs(), o => Array.IndexOf(o, o.Max()));
        byte[] labels = [.. best.Select((c, n) => (byte)(n >= 1000 ? (c + 1) % 3 : c))];
        ImageSet wrongAtTheEnd = new(set.Pixels, labels, 1, 6, 6, 3, "wrong at the end", "none", isReal: false);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, wrongAtTheEnd);
        Assert.Equal(3, Evaluation.Of(model, samples).Errors);
    }

    [Fact]
    public void Of_equal_outputs_the_first_class_is_the_answer()
    {
        Tiny model = new();
        using ParameterSlab slab = model.Draw(TestDevices.Primary);
        using (TensorScope scope = new())
            slab.Values.CopyFrom(Tensor.Zeros(TestDevices.Primary, slab.Values.Shape, DType.Float32));
        ImageSet set = Tiny.Images(60);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        Evaluation evaluation = Evaluation.Of(model, samples);
        Assert.Equal(set.Labels.Count(x => x != 0), evaluation.Errors);
        Assert.Equal((1 / 3.0, 30.0), (evaluation.Loss, evaluation.HalfSum));
    }

    [Fact]
    public void Nothing_is_recorded_and_no_memory_stays_in_use()
    {
        Tensor? output = null;
        Tiny model = new();
        Recorder recorder = new(model, y => output = y);
        using ParameterSlab slab = model.Draw(TestDevices.Primary);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Tiny.Images(1200));
        long before = TestDevices.Primary.UsedBytes;
        Evaluation.Of(recorder, samples);
        Assert.False(output!.RequiresGradient);
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
        Assert.Equal([1000, 200], recorder.Batches);
    }

    [Fact]
    public void A_cancelled_token_stops_it_between_batches()
    {
        using CancellationTokenSource source = new();
        Tiny model = new() { OnForward = _ => source.Cancel() };
        using ParameterSlab slab = model.Draw(TestDevices.Primary);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Tiny.Images(1200));
        Recorder recorder = new(model, _ => { });
        Assert.Throws<OperationCanceledException>(() => Evaluation.Of(recorder, samples, source.Token));
        Assert.Equal([1000], recorder.Batches);
    }

    private static int Errors(double[][] outputs, byte[] labels)
    {
        int errors = 0;
        for (int n = 0; n < outputs.Length; n++)
        {
            int best = 0;
            for (int c = 1; c < outputs[n].Length; c++) best = outputs[n][c] > outputs[n][best] ? c : best;
            if (best != labels[n]) errors++;
        }

        return errors;
    }

    private sealed class Recorder(Module inner, Action<Tensor> seen) : Module
    {
        public List<long> Batches { get; } = [];

        public override IReadOnlyList<Parameter> Parameters => inner.Parameters;

        public override Tensor Forward(Tensor x)
        {
            Batches.Add(x.Shape[0]);
            Tensor y = inner.Forward(x);
            Assert.False(y.RequiresGradient);
            seen(y);
            return y;
        }
    }
}
