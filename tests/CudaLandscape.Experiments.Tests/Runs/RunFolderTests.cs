using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Tests.Runs;

[Collection("device")]
public sealed class RunFolderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_new_folder_says_running_and_holds_the_settings()
    {
        using RunFolder folder = Create(1);
        Assert.Matches(@"^\d{4}-\d\d-\d\d_\d{6}_test_[0-9a-f]{8}$", Path.GetFileName(folder.FullPath));
        JsonNode run = _scratch.RunJson();
        Assert.Equal(("test", "running", 1), ((string?)run["experiment"], (string?)run["status"], (int?)run["settings"]!["x"]));
        Assert.Null(run["ended"]);
    }

    [Fact]
    public void The_hash_is_of_the_settings()
    {
        using RunFolder a = Create(1), b = Create(1), c = Create(2);
        string?[] hashes = [.. new[] { a, b, c }.Select(f => (string?)Json(f)["settings_sha256"])];
        byte[] expected = System.Security.Cryptography.SHA256.HashData("{\"x\":1}"u8);
        Assert.Equal(Convert.ToHexStringLower(expected), hashes[0]);
        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0], hashes[2]);
    }

    [Fact]
    public void Runs_of_one_second_get_folders_of_their_own()
    {
        RunFolder[] folders = [.. Enumerable.Range(0, 5).Select(_ => Create(1))];
        Assert.Equal(5, folders.Select(f => f.FullPath).Distinct().Count());
        foreach (RunFolder folder in folders) folder.Dispose();
    }

    [Fact]
    public void Runs_begun_at_once_get_folders_of_their_own()
    {
        const int creators = 4, rounds = 25;
        for (int round = 0; round < rounds; round++)
        {
            using Barrier together = new(creators);
            RunFolder[] folders = new RunFolder[creators];
            Thread[] threads = [.. Enumerable.Range(0, creators).Select(i => new Thread(() =>
            {
                together.SignalAndWait();
                folders[i] = Create(1);
            }))];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
            Assert.Equal(creators, folders.Select(folder => folder.FullPath).Distinct().Count());
            foreach (RunFolder folder in folders) folder.Dispose();
        }
    }

    [Fact]
    public void A_file_is_replaced_whole_and_leaves_no_part()
    {
        using RunFolder folder = Create(1);
        folder.Write("table.md", "a long first text");
        folder.Write("table.md", "short");
        Assert.Equal("short", _scratch.Read("table.md"));
        Assert.Empty(Directory.GetFiles(folder.FullPath, "*.part"));
    }

    [Fact]
    public void The_status_comes_with_its_time_and_reason_and_lines_go_to_the_log()
    {
        using (RunFolder folder = Create(1))
        {
            folder.Log("one line");
            folder.Set("extra", 5);
            folder.SetStatus(RunStatus.Interrupted, "SIGINT");
            folder.SetStatus(RunStatus.Interrupted);
        }

        JsonNode run = _scratch.RunJson();
        Assert.Equal(("interrupted", "SIGINT", 5), ((string?)run["status"], (string?)run["reason"], (int?)run["extra"]));
        Assert.True(DateTime.Parse((string)run["ended"]!) >= DateTime.Parse((string)run["started"]!));
        Assert.Equal("one line" + Environment.NewLine, _scratch.Read("log.txt"));
    }

    [Fact]
    public void An_opened_folder_goes_on_with_its_log_and_says_when_and_by_whom()
    {
        string path;
        using (RunFolder folder = RunFolder.Create(_scratch.Root, "test", new JsonObject { ["x"] = 1 }, "--x", "1"))
        {
            path = folder.FullPath;
            folder.Log("first");
            folder.SetStatus(RunStatus.Interrupted, "SIGTERM");
            File.WriteAllText(folder.Path("table.md.tmp-1"), "left by a process that was killed");
        }

        using (RunFolder folder = RunFolder.Open(path))
        {
            folder.Log("second");
            RunRecord record = RunRecord.Read(path);
            Assert.Equal(("running", "test", false), (record.Status, record.Experiment, record.IsDone));
            Assert.Equal(["--x", "1"], record.Arguments);
            Assert.Equal([BuildInfo.Commit], record.Commits);
            Assert.Null(record.Json["reason"]);
            Assert.Null(record.Json["ended"]);
        }

        Assert.Equal($"first{Environment.NewLine}second{Environment.NewLine}", _scratch.Read("log.txt"));
        Assert.Empty(Directory.GetFiles(path, "*.tmp-*"));
    }

    [Fact]
    public void One_process_at_a_time_has_the_folder()
    {
        RunFolder first = Create(1);
        Assert.Contains(first.FullPath, Assert.Throws<IOException>(() => RunFolder.Open(first.FullPath)).Message);
        first.Dispose();
        RunFolder.Open(first.FullPath).Dispose();
    }

    // Main thread and signal handler write run.json at the same time.
    [Fact]
    public void No_change_is_lost_when_two_threads_make_them()
    {
        using RunFolder folder = Create(1);
        int lost = 0;
        using Barrier barrier = new(2, _ => lost += (int?)Json(folder)["a"] == (int?)Json(folder)["b"] ? 0 : 1);
        Thread[] threads = [.. new[] { "a", "b" }.Select(name => new Thread(() => Change(folder, name, barrier)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.Equal(0, lost);
        Assert.Equal((499, 499), ((int?)Json(folder)["a"], (int?)Json(folder)["b"]));
    }

    private static void Change(RunFolder folder, string name, Barrier barrier)
    {
        for (int i = 0; i < 500; i++)
        {
            folder.Set(name, i);
            barrier.SignalAndWait();
        }
    }

    private static JsonNode Json(RunFolder folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullPath, "run.json")))!;

    private RunFolder Create(int x) => RunFolder.Create(_scratch.Root, "test", new JsonObject { ["x"] = x });
}
