using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Runs;

/// <summary>Begins a run of an experiment, or goes on with one that was stopped.</summary>
internal static class ExperimentLaunch
{
    /// <summary>
    /// Runs in a new folder, unless there is one of these settings, data, device and commit: a finished one is shown, an unfinished one
    /// goes on. What was measured before a failure or an interruption is in the folder. Where the device is not there, nothing is
    /// written, here and below.
    /// </summary>
    public static ExitCode Start(Experiment experiment)
    {
        ResolvedData data = experiment.Load();
        if (!experiment.StartsAnew && RunSearch.Find(experiment, data) is { } found) return GoOn(found, experiment, data);
        using Device device = Device.Open(DeviceOf(experiment));
        using RunFolder folder = RunFolder.Create(experiment.Out, experiment.Name, experiment.Settings, experiment.Arguments);
        return Run(folder, experiment, data, device);
    }

    /// <summary>Runs in the folder of that path: begins there, or goes on with what an earlier process did there.</summary>
    /// <param name="path">The run folder.</param>
    /// <param name="experiment">The experiment.</param>
    /// <param name="plannedData">SHA-256 of the images it must run on, as <see cref="HashOf(ResolvedData)"/> gives it.</param>
    /// <exception cref="ArgumentException">There is a run of other settings, or the images are others.</exception>
    public static ExitCode StartIn(string path, Experiment experiment, string plannedData)
    {
        if (RunRecord.Find(path) is { } found) RunAgreement.RequireSame(found.Folder, found.Settings, experiment.Settings);
        ResolvedData data = experiment.Load();
        RequireSame(path, plannedData, data);
        using Device device = Device.Open(DeviceOf(experiment));
        using RunFolder folder = RunFolder.OpenOrCreate(path, experiment.Name, experiment.Settings, experiment.Arguments);
        return Run(folder, experiment, data, device);
    }

    /// <summary>Goes on with the run of a folder; data and device may be given anew, since paths and machines change.</summary>
    /// <exception cref="ArgumentException">It is a run of another experiment, of settings this version does not know, or of other data.</exception>
    public static ExitCode Resume(RunRecord record, string? dataFolder, string? deviceName)
    {
        (Experiment experiment, ResolvedData data) = Reopen(record, dataFolder, deviceName);
        WarnOfCommits(record);
        return GoOn(record, experiment, data);
    }

    /// <summary>Goes on with the run of a folder, done or not, with options that ask for more; what it has stays as it is.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Resume"/>, or its results are none of the settings with these options.</exception>
    public static ExitCode Extend(RunRecord record, IReadOnlyList<string> options, string? dataFolder, string? deviceName)
    {
        (Experiment before, ResolvedData data) = Reopen(record, dataFolder, deviceName);
        Experiment after = KnownExperiments.Parse(record.Folder, record.Experiment, RunExtension.Merge(record.Arguments, options)).At(before.Data, before.DeviceName);
        after.RequireExtends(before);
        WarnOfCommits(record);
        using Device device = Device.Open(DeviceOf(after));
        using RunFolder folder = RunFolder.Extend(record.Folder, after.Settings, after.Arguments);
        folder.Log($"more is measured in the run {folder.FullPath}: {string.Join(' ', options)}");
        return Run(folder, after, data, device);
    }

    /// <summary>The experiment of a run and its images, which must be what they were when it began.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Resume"/>.</exception>
    public static (Experiment Experiment, ResolvedData Data) Reopen(RunRecord record, string? dataFolder, string? deviceName)
    {
        Experiment experiment = KnownExperiments.Parse(record).At(dataFolder ?? (string?)record.Json["data"]?["folder"], deviceName);
        RunAgreement.RequireSame(record.Folder, record.Settings, experiment.Settings);
        ResolvedData data = experiment.Load();
        if (record.DataHash is { } hash) RequireSame(record.Folder, hash, data);
        return (experiment, data);
    }

    /// <summary>SHA-256 of the training and the test images.</summary>
    public static string HashOf(ResolvedData data) => $"{data.Train.Sha256} {data.Test.Sha256}";

    /// <summary>The device an experiment is on.</summary>
    public static DeviceId DeviceOf(Experiment experiment) =>
        experiment.DeviceName is { } name ? DeviceId.Parse(name) : DeviceId.Default;

    private static void WarnOfCommits(RunRecord record)
    {
        if (record.Commits.Any(c => c != BuildInfo.Commit))
            Console.Error.WriteLine(
                $"warning: the run was begun by commit {string.Join(", ", record.Commits)}, this is {BuildInfo.Commit}; its rows will be of both.");
    }

    private static ExitCode GoOn(RunRecord record, Experiment experiment, ResolvedData data)
    {
        if (record.IsDone) return Show(record);
        using Device device = Device.Open(DeviceOf(experiment));
        using RunFolder folder = RunFolder.Open(record.Folder);
        folder.Log($"going on with the run {folder.FullPath}");
        return Run(folder, experiment, data, device);
    }

    // The table as it was printed, but for its frame.
    private static ExitCode Show(RunRecord record)
    {
        Console.Error.WriteLine($"already done: {record.Folder} (--new begins another run)");
        Console.Write(File.ReadAllText(Path.Combine(record.Folder, "table.md")));
        Console.WriteLine($"results: {record.Folder}");
        return ExitCode.Ok;
    }

    private static ExitCode Run(RunFolder folder, Experiment experiment, ResolvedData data, Device device)
    {
        using Interruption interruption = new(folder);
        try
        {
            Describe(folder, experiment, data);
            Describe(folder, experiment, device);
            ExitCode result = experiment.Run(folder, device, data, interruption.Token);
            bool complete = result == ExitCode.Ok;
            folder.SetStatus(complete ? RunStatus.Done : RunStatus.Failed, complete ? null : "parts of the table are missing");
            return result;
        }
        catch (OperationCanceledException) when (interruption.Code is { } code)
        {
            folder.TrySetStatus(RunStatus.Interrupted);
            folder.Log($"interrupted; what was measured is in {folder.FullPath}");
            return code;
        }
        catch (Exception e)
        {
            folder.TrySetStatus(RunStatus.Failed, e.Message);
            folder.Log($"failed; what was measured is in {folder.FullPath}");
            throw;
        }
    }

    private static void RequireSame(string folder, string hash, ResolvedData data)
    {
        if (hash != HashOf(data))
            throw new ArgumentException(
                $"{folder} was begun with other images: SHA-256 {hash} then, {HashOf(data)} ({data.Description}) now. Name their folder with --data.");
    }

    private static void Describe(RunFolder folder, Experiment experiment, ResolvedData data)
    {
        string? source = DataSource.ChooseFolder(experiment.Data, Environment.GetEnvironmentVariable(DataSource.Variable));
        folder.Set("data", new JsonObject
        {
            ["description"] = data.Description,
            ["folder"] = source is null ? null : Path.GetFullPath(source),
            ["train_sha256"] = data.Train.Sha256,
            ["test_sha256"] = data.Test.Sha256,
        });
    }

    private static void Describe(RunFolder folder, Experiment experiment, Device device)
    {
        JsonObject now = new()
        {
            ["id"] = device.Id.ToString(),
            ["name"] = device.Context.Name,
            ["driver_version"] = device.Context.DriverVersion,
            ["kernels_sha256"] = device.KernelsSha256,
            ["float32_products"] = device.Precision.ToString().ToLowerInvariant(),
            ["libraries"] = new JsonArray([.. NativeLibraries.Describe().Select(l => (JsonNode)$"{l.Library} {l.Version} {l.Path}")]),
        };
        if (folder.Get("device") is { } before && before.ToJsonString() != now.ToJsonString())
            folder.Log($"warning: the run goes on with another device or kernels, which may give other bits: {before.ToJsonString()} before, {now.ToJsonString()} now");
        folder.Set("device", now);
        folder.Set("determinism", experiment.Determinism);
        folder.Log($"run folder {folder.FullPath}; device {device.Id} ({device.Context.Name})");
    }
}
