using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Tests.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

[Collection("device")]
public sealed class TrainerTests
{
    private static readonly AdamSettings s_adam = new(LearningRate.InverseTime(0.02, 0.01));

    [Fact]
    public void Full_batch_training_in_float64_matches_backpropagation_by_loops()
    {
        ImageSet set = Tiny.Images(40);
        Tiny model = new();
        using ParameterSlab slab = model.Draw(TestDevices.Primary, DType.Float64);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        double[] pixels = HostArray.Read(samples.Images);
        AdamReference[] references = [.. Tiny.Read(slab).Select(p => new AdamReference(p, s_adam))];
        List<double> losses = [], expected = [];
        Trainer.Run(model, slab, samples, new TrainingSettings(6, 40, s_adam), r => losses.Add(r.Loss));
        for (int epoch = 0; epoch < 6; epoch++)
        {
            TinyLoops loops = new([.. references.Select(r => r.Values)], pixels, set.Labels);
            expected.Add(loops.SquaredSum() / (40 * 3));
            double[][] gradient = loops.Gradient();
            for (int i = 0; i < gradient.Length; i++) references[i].Step(Array.ConvertAll(gradient[i], g => g / (40 * 3)));
        }

        Close.Relative([.. expected], [.. losses], 1e-11, "losses");
        for (int i = 0; i < references.Length; i++) Close.Relative(references[i].Values, Tiny.Read(slab)[i], 1e-10, model.Parameters[i].Name);
    }

    [Fact]
    public void Loss_decreases_on_a_small_set()
    {
        List<EpochReport> reports = [];
        Train(Tiny.Images(60), new TrainingSettings(40, 16, s_adam), report: reports.Add);
        Assert.Equal(Enumerable.Range(1, 40), reports.Select(r => r.Epoch));
        Assert.All(reports, r => Assert.Equal(40, r.Epochs));
        Assert.True(reports[^1].Loss < 0.2 * reports[0].Loss, $"{reports[0].Loss} to {reports[^1].Loss}");
    }

    // With steps too small to change a float the loss of an epoch is that of the initial weights; 40 = 5 * 7 + 5.
    [Theory]
    [InlineData(LossNormalization.PerEntry)]
    [InlineData(LossNormalization.PerSample)]
    [InlineData(LossNormalization.HalfSum)]
    public void The_reported_loss_weights_every_batch_by_its_size(LossNormalization normalization)
    {
        ImageSet set = Tiny.Images(40);
        Tiny model = new();
        using ParameterSlab slab = model.Draw(TestDevices.Primary, DType.Float64);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        List<int[]> batches = [];
        Tiny watched = Watch(batches, samples);
        using ParameterSlab copy = ParameterSlab.Convert(slab, watched, DType.Float64);
        double reported = 0;
        TrainingSettings settings = new(1, 7, new AdamSettings(Rate: 1e-300), normalization);
        Trainer.Run(watched, copy, samples, settings, r => reported = r.Loss);
        double expected = batches.Sum(b => BatchLoss(slab, samples, set, b, normalization) * b.Length / 40);
        Assert.Equal(expected, reported, 1e-12 * expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(100)]
    public void Every_epoch_visits_every_sample_once_in_an_order_of_its_own(int batchSize)
    {
        ImageSet set = Tiny.Images(40);
        List<int[]> batches = [];
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        Tiny model = Watch(batches, samples);
        using ParameterSlab slab = model.Draw(TestDevices.Primary);
        Trainer.Run(model, slab, samples, new TrainingSettings(3, batchSize, s_adam));
        int steps = (40 + batchSize - 1) / batchSize;
        Assert.Equal(3 * steps, batches.Count);
        int[][] epochs = [.. batches.Chunk(steps).Select(e => e.SelectMany(b => b).ToArray())];
        Assert.All(batches, (b, i) => Assert.Equal(i % steps == steps - 1 ? 40 - (steps - 1) * batchSize : batchSize, b.Length));
        Assert.All(epochs, e => Assert.Equal(Enumerable.Range(0, 40), e.Order()));
        Assert.Equal(3, epochs.Append([.. Enumerable.Range(0, 40)]).DistinctBy(e => string.Join(',', e)).Count() - 1);
    }

    [Fact]
    public void No_epochs_leave_the_weights_as_they_are()
    {
        Tiny model = new();
        using ParameterSlab slab = model.Draw(TestDevices.Primary);
        byte[] before = slab.Values.ToBytes();
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Tiny.Images(10));
        Trainer.Run(model, slab, samples, new TrainingSettings(0, 4, s_adam), _ => Assert.Fail("an epoch ran"));
        Assert.Equal(before, slab.Values.ToBytes());
    }

    [Theory]
    [InlineData(-1, 4, "epochs")]
    [InlineData(1, 0, "batch")]
    [InlineData(1, -4, "batch")]
    public void Settings_outside_their_range_are_named(int epochs, int batch, string name)
    {
        TrainingSettings settings = new(epochs, batch, s_adam);
        Assert.Contains($"{name} must be ", Assert.Throws<ArgumentOutOfRangeException>(() => Train(Tiny.Images(9), settings)).Message);
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_an_error_that_names_the_epoch()
    {
        List<int> done = [];
        TrainingSettings settings = new(9, 20, new AdamSettings(Rate: 1e30));
        var error = Assert.Throws<NonFiniteLossException>(() => Train(Tiny.Images(20), settings, report: r => done.Add(r.Epoch)));
        Assert.Equal(done.Count + 1, error.Epoch);
        Assert.InRange(error.Epoch, 2, 9);
        Assert.Contains($"epoch {error.Epoch} is ", error.Message);
    }

    internal static byte[] Train(ImageSet set, TrainingSettings settings, Device? device = null, Action<EpochReport>? report = null)
    {
        Tiny model = new();
        using ParameterSlab slab = model.Draw(device ?? TestDevices.Primary);
        using DeviceSamples samples = DeviceSamples.Upload(device ?? TestDevices.Primary, set);
        Trainer.Run(model, slab, samples, settings, report);
        return slab.Values.ToBytes();
    }

    private static double BatchLoss(ParameterSlab slab, DeviceSamples samples, ImageSet set, int[] batch, LossNormalization normalization)
    {
        double[] pixels = HostArray.Read(samples.Images);
        TinyLoops loops = new(Tiny.Read(slab), [.. batch.SelectMany(i => pixels[(i * 36)..((i + 1) * 36)])], [.. batch.Select(i => set.Labels[i])]);
        return loops.SquaredSum() * normalization switch
        {
            LossNormalization.HalfSum => 0.5,
            LossNormalization.PerSample => 1.0 / batch.Length,
            _ => 1.0 / (3 * batch.Length),
        };
    }

    // A network that writes down which samples each batch holds, told by their pixels.
    private static Tiny Watch(List<int[]> batches, DeviceSamples samples)
    {
        string[] all = [.. samples.Images.ToArray<float>().Chunk(36).Select(x => string.Join(' ', x))];
        return new Tiny { OnForward = x => batches.Add([.. x.ToArray<float>().Chunk(36).Select(p => Array.IndexOf(all, string.Join(' ', p)))]) };
    }
}
