using System.Globalization;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>
/// Checks the ranks of a run's float64 features again: F is made afresh from the checkpoint, ‖F v‖ of the kept vector and ‖F V‖ of the
/// vectors that were counted below the threshold are streamed without a factorisation, and F is factored again with other random
/// vectors. The run folder is only read. Ranks of float32 features are rounding noise, other on every device, and are left out.
/// </summary>
internal sealed class Table2Verification(RunRecord record, Table2Settings settings, ResolvedData data, Device device)
{
    private int _checked, _confirmed, _missing;

    /// <summary>Prints every check.</summary>
    /// <returns><see cref="ExitCode.NotConfirmed"/> when one fails.</returns>
    /// <exception cref="ArgumentException">It is no run of Table 2 that this version knows, or none of its ranks is there.</exception>
    /// <exception cref="DataFileException">A file of the run is damaged, or its images are others.</exception>
    public static ExitCode Run(RunRecord record, string? dataFolder, string? deviceName)
    {
        if (record.Experiment != Table2Experiment.Title)
            throw new ArgumentException($"{record.Folder} is a run of {record.Experiment}, not of {Table2Experiment.Title}.");
        (Experiment experiment, ResolvedData data) = ExperimentLaunch.Reopen(record, dataFolder, deviceName);
        Table2Settings settings = ((Table2Experiment)experiment).Values;
        using Device device = Device.Open(ExperimentLaunch.DeviceOf(experiment));
        return new Table2Verification(record, settings, data, device).Run();
    }

    private ExitCode Run()
    {
        foreach (NoiseReading noise in settings.Noise)
        {
            using DeviceSamples train = Table2Run.Upload(device, data.Train, noise, settings.Seed);
            foreach (int t1 in settings.T1) CheckRow(noise, t1, train);
        }

        if (_checked == 0) throw new ArgumentException($"{record.Folder} has no rank of float64 features yet; {ProgramName.Command("resume", record.Folder)} takes them.");
        string rest = _missing == 0 ? "" : $"; {_missing} not measured yet, which {ProgramName.Command("resume", record.Folder)} does";
        Console.WriteLine($"{_confirmed} of {_checked} ranks confirmed{rest}");
        return _confirmed == _checked ? ExitCode.Ok : ExitCode.NotConfirmed;
    }

    private void CheckRow(NoiseReading noise, int t1, DeviceSamples train)
    {
        Table2Row? row = Table2RowFolder.ReadOf(record, noise, t1);
        string[] layers = [.. settings.Matrices.Where(m => m.Type == DType.Float64).Select(m => m.Layer)];
        string[] missing = [.. layers.Where(layer => row?.Ranks.ContainsKey($"{layer}_f64") != true)];
        _missing += missing.Length;
        if (row is null || missing.Length == layers.Length) return;
        using Table2Network network = new(settings, t1, device);
        if (settings.Trained) Restore(network, noise, t1);
        foreach (string layer in layers.Except(missing))
        {
            RankWitness witness = Table2RowFolder.ReadWitness(record.Folder, noise, t1, $"{layer}_f64");
            Check($"T1 = {t1}, noise {Table2Settings.Name(noise)}, {layer.ToUpperInvariant()}", network, layer, train, row.Ranks[$"{layer}_f64"], witness);
        }
    }

    private void Restore(Table2Network network, NoiseReading noise, int t1)
    {
        Checkpoint? checkpoint =
            Table2RowFolder.Checkpoints(record.Folder, noise, t1, settings, network, data.Train.Sha256, Console.Error.WriteLine).Load();
        if (checkpoint is null || checkpoint.Cursor.Epoch <= settings.Epochs)
            throw new ArgumentException(
                $"{record.Folder}: T1 = {t1} has {(checkpoint is null ? "no checkpoint" : $"a checkpoint of {checkpoint.Cursor} only")}, so its features cannot be made again.");
        network.Restore(checkpoint);
    }

    private void Check(string name, Table2Network network, string layer, DeviceSamples train, RankResult kept, RankWitness witness)
    {
        double? norm = NormOf(network, layer, train, witness.Smallest);
        RankFinding fresh = network.Rank(layer, DType.Float64, train, kept.Seed + 1, null, Console.Error.WriteLine, default);
        double? onMany = NormOnNullSpace(network, layer, train, kept, witness.NullSpace ?? fresh.NullSpace);
        IReadOnlyList<string> failures = RankAgreement.Failures(kept, fresh.Result, norm, onMany);
        Console.WriteLine($"{name}: kept rank {kept.RankText} of {kept.FullRank}, σ_min {Text(kept.SigmaMin)}; now {fresh.Result.RankText}, {Text(fresh.Result.SigmaMin)} with seed {fresh.Result.Seed}");
        Console.WriteLine(norm is { } value ? $"  ‖Fv‖ = {Text(value)} for the kept v" : "  no vector was kept for ‖Fv‖");
        if (kept.NullSpaceNorm is not null) Console.WriteLine($"  {OfNullSpace(kept, witness, onMany)}");
        foreach (string line in RankCertificate.Lines(fresh.Result)) Console.WriteLine($"  {line}");
        foreach (string failure in failures) Console.WriteLine($"  NOT CONFIRMED: {failure}");
        if (failures.Count == 0) Console.WriteLine("  confirmed");
        _checked++;
        _confirmed += failures.Count == 0 ? 1 : 0;
    }

    private static string OfNullSpace(RankResult kept, RankWitness witness, double? norm) => norm is { } value
        ? $"‖FV‖ = {Text(value)} for the {kept.FullRank - kept.RankHigh} {(witness.NullSpace is null ? "vectors found now" : "kept vectors")} V, threshold {Text(kept.Threshold)}: no rank above {kept.RankHigh}"
        : $"{kept.FullRank - kept.RankHigh} vectors are too many to be kept: that the rank is no more than {kept.RankHigh} rests on the factorisation";

    // A vector of another length belongs to another matrix: as good as none.
    private static double? NormOf(Table2Network network, string layer, DeviceSamples train, double[]? v)
    {
        using Table2Features features = network.Features(layer, DType.Float64);
        return v is not null && v.Length == Math.Min(train.Count, features.Width)
            ? FeatureProduct.Norm(train, features.Width, features.Of, DType.Float64, v)
            : null;
    }

    // As many vectors as the kept rank leaves; others show something else.
    private static double? NormOnNullSpace(Table2Network network, string layer, DeviceSamples train, RankResult kept, double[]? vectors)
    {
        if (kept.NullSpaceNorm is null || vectors is null) return null;
        using Table2Features features = network.Features(layer, DType.Float64);
        return vectors.Length == (kept.FullRank - kept.RankHigh) * Math.Min(train.Count, features.Width)
            ? NullSpaceProduct.Norm(train, features.Width, features.Of, DType.Float64, vectors)
            : double.PositiveInfinity;
    }

    private static string Text(double value) => value.ToString("0.0000e+00", CultureInfo.InvariantCulture);
}
