using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;
using MatrixRank = CudaLandscape.Tensors.Linalg.Rank;

namespace CudaLandscape.Experiments.Tests.Runs;

/// <summary>R on disk between its QR and its rank.</summary>
[Collection("device")]
public sealed class KeptFactorTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Device _device = Device.Open(DeviceId.Default);
    private readonly List<string> _log = [];

    private string Path => System.IO.Path.Combine(_folder.Root, "f1_f64_R");

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_kept_comes_back_and_is_removed_in_the_end()
    {
        KeptFactor kept = new(Path, TimeSpan.Zero, _log.Add);
        Assert.Null(kept.Load(_device, 620, 20));
        using TriangularFactor factor = Factor(), loaded = Saved(kept, factor);
        Assert.Equal(factor.GetColumns(0, 20), loaded.GetColumns(0, 20));
        Assert.Equal((factor.Exponent, factor.Deviation), (loaded.Exponent, loaded.Deviation));
        Assert.Contains("R is kept in", Assert.Single(_log));
        kept.Remove();
        Assert.False(Directory.Exists(Path));
        kept.Remove();
    }

    [Fact]
    public void A_quick_factorisation_is_not_kept()
    {
        using TriangularFactor factor = Factor();
        new KeptFactor(Path, TimeSpan.FromSeconds(60), _log.Add).Save(factor, TimeSpan.FromSeconds(59));
        Assert.False(Directory.Exists(Path));
    }

    [Fact]
    public void A_small_matrix_is_not_kept_since_its_rank_needs_more_than_R()
    {
        using TensorScope scope = new();
        using TriangularFactor factor = MatrixRank.Factor(scope.Keep(RandomTensor.Normal(_device, [20, 30], DType.Float64, new RandomStream(1, 1))), 30, 20);
        new KeptFactor(Path, TimeSpan.Zero, _log.Add).Save(factor, TimeSpan.FromSeconds(1));
        Assert.False(Directory.Exists(Path));
    }

    // As a later version may: R must neither be used nor lost.
    [Fact]
    public void R_in_a_form_of_another_version_is_refused_and_stays()
    {
        KeptFactor kept = new(Path, TimeSpan.Zero, _log.Add);
        using TriangularFactor factor = Factor(), loaded = Saved(kept, factor);
        string path = Assert.Single(Directory.GetFiles(Path));
        SafetensorsFile file = SafetensorsReader.Read(path);
        Dictionary<string, string> metadata = new(file.Metadata) { ["format"] = "cudalandscape.triangle/2" };
        using (FileStream stream = File.Create(path)) SafetensorsWriter.Write(stream, file with { Metadata = metadata }, seal: true);
        byte[] before = File.ReadAllBytes(path);
        ArgumentException e = Assert.Throws<ArgumentException>(() => kept.Load(_device, 620, 20));
        Assert.Contains("the form cudalandscape.triangle/2, this version knows cudalandscape.triangle/1", e.Message);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData(20, 620)]
    [InlineData(621, 20)]
    public void R_of_another_matrix_is_said_and_not_used(long rows, long columns)
    {
        KeptFactor kept = new(Path, TimeSpan.Zero, _log.Add);
        using TriangularFactor factor = Factor(), loaded = Saved(kept, factor);
        Assert.Null(kept.Load(_device, rows, columns));
        Assert.Contains("factored again", _log[^1]);
    }

    [Fact]
    public void A_damaged_file_is_said_and_not_used_and_a_missing_one_is_none()
    {
        KeptFactor kept = new(Path, TimeSpan.Zero, _log.Add);
        using TriangularFactor factor = Factor(), loaded = Saved(kept, factor);
        string file = Assert.Single(Directory.GetFiles(Path));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(kept.Load(_device, 620, 20));
        Assert.Contains("changed after it was written", _log[^1]);
        File.Delete(file);
        Assert.Null(kept.Load(_device, 620, 20));
    }

    private TriangularFactor Factor()
    {
        using TensorScope scope = new();
        Tensor matrix = scope.Keep(RandomTensor.Normal(_device, [20, 620], DType.Float64, new RandomStream(1, 1)));
        return MatrixRank.Factor(matrix, 620, 20);
    }

    private TriangularFactor Saved(KeptFactor kept, TriangularFactor factor)
    {
        kept.Save(factor, TimeSpan.FromSeconds(1));
        TriangularFactor? loaded = kept.Load(_device, 620, 20);
        Assert.NotNull(loaded);
        return loaded;
    }
}
