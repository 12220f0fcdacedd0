using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Data.Download;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The commands <c>data download</c> and <c>data verify</c>: bring a published data set here, and check what is here.</summary>
internal static class DataCommand
{
    private static readonly Argument<string> s_set = new("SET") { Description = "mnist or cifar10." };

    private static readonly Option<string?> s_data = new("--data")
    {
        Description = $"Data folder (else {DataSource.Variable}, else the user's cache); what lies there already is used.",
    };

    private static readonly Option<bool> s_offline = new("--offline") { Description = "Use no network: check only what is here." };
    private static readonly Option<bool> s_json = new("--json") { Description = "Write JSON instead of a table." };

    public static Command Create()
    {
        s_set.AcceptOnlyFromAmong("mnist", "cifar10");
        Command download = new("download", "Fetch a data set over https, unpack it and check every file's SHA-256.") { s_set, s_data, s_offline, s_json };
        download.SetAction(parsed => (int)Download(parsed, Console.Out));
        Command verify = new("verify", "Compare the SHA-256 of every file of a data set with the published one.") { s_set, s_data, s_json };
        verify.SetAction(parsed => (int)Print(Installer(parsed), parsed, Console.Out));
        return new Command("data", "Download or verify MNIST and CIFAR-10.") { download, verify };
    }

    private static ExitCode Download(ParseResult parsed, TextWriter output)
    {
        DataSetInstaller installer = Installer(parsed);
        bool complete = installer.Verify().All(check => check.Problem is null);
        if (!complete && !parsed.GetValue(s_offline))
        {
            using Downloader downloader = new(Console.Error.WriteLine);
            installer.Download(downloader).GetAwaiter().GetResult();
        }

        return Print(installer, parsed, output);
    }

    private static ExitCode Print(DataSetInstaller installer, ParseResult parsed, TextWriter output)
    {
        IReadOnlyList<FileCheck> checks = installer.Verify();
        if (parsed.GetValue(s_json)) output.WriteLine(ToJson(checks));
        else
            foreach (FileCheck check in checks)
                output.WriteLine($"{check.Name,-24} {check.Problem ?? "as published"}{(check.Path is null ? "" : $"  [{check.Path}]")}");
        int wrong = checks.Count(check => check.Problem is not null);
        if (wrong == 0) return ExitCode.Ok;
        Console.Error.WriteLine(
            $"error: {wrong} of {checks.Count} files are not as published. {(checks.Any(c => c.Path is not null && c.Problem is not null)
                ? "Remove those that differ, then run" : "Run")} {ProgramName.Command(["data", "download", parsed.GetValue(s_set)!, .. parsed.GetValue(s_data) is { } folder ? (string[])["--data", folder] : []])} with a network.");
        return ExitCode.Data;
    }

    private static string ToJson(IReadOnlyList<FileCheck> checks)
    {
        JsonArray files = [.. checks.Select(check => (JsonNode)new JsonObject
        {
            ["name"] = check.Name, ["path"] = check.Path, ["published"] = check.Problem is null, ["problem"] = check.Problem,
        })];
        return files.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static DataSetInstaller Installer(ParseResult parsed)
    {
        DataSetKind kind = parsed.GetValue(s_set) == "mnist" ? DataSetKind.Mnist : DataSetKind.Cifar10;
        string root = DataSource.ChooseFolder(parsed.GetValue(s_data), Environment.GetEnvironmentVariable(DataSource.Variable))
            ?? DataCache.Folder
            ?? throw new ArgumentException($"There is no home folder for a cache here; name a data folder by --data or {DataSource.Variable}.");
        return new DataSetInstaller(RemoteDataSet.Of(kind), Path.GetFullPath(root));
    }
}
