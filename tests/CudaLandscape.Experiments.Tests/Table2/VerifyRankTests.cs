using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Checkpoints;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>verify-rank: what a run kept is confirmed, and what was changed in it afterwards is not.</summary>
[Collection("device")]
public sealed class VerifyRankTests : IClassFixture<VerifyRankTests.RankedRun>, IDisposable
{
    private readonly ScratchFolder _folder = new();

    public VerifyRankTests(RankedRun run) => run.CopyTo(_folder);

    private string Row => Path.Combine(_folder.Run, "rows", "sd_t1-3");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Full_and_deficient_ranks_are_confirmed_by_vectors_and_another_factorisation()
    {
        Assert.NotNull(RankOf("f1_f64")["NullSpaceNorm"]);
        (int code, string said) = Verify();
        Assert.Equal((int)ExitCode.Ok, code);
        Assert.Contains("2 of 2 ranks confirmed", said);
        Assert.Matches(@"‖Fv‖ = \S+ for the kept v", said);
        Assert.Matches(@"‖FV‖ = \S+ for the \d+ kept vectors V, threshold \S+: no rank above \d+", said);
    }

    [Fact]
    public void Without_the_kept_vectors_those_found_now_show_the_upper_end()
    {
        File.Delete(Witness);
        (int code, string said) = Verify();
        Assert.Equal((int)ExitCode.NotConfirmed, code);
        Assert.Contains("NOT CONFIRMED: the witness v of σ_min is missing", said);
        Assert.Contains("vectors found now V, threshold", said);
    }

    // The right numbers of other vectors, and another σ_max: neither is confirmed.
    [Fact]
    public void What_was_changed_afterwards_is_not_confirmed()
    {
        SafetensorsFile file = SafetensorsReader.Read(Witness);
        SafetensorsTensor[] tensors = [.. file.Tensors.Select(t => t.Name == "v_null" ? t with { Bytes = [.. Enumerable.Reverse(t.Bytes.Chunk(8).ToArray()).SelectMany(b => b)] } : t)];
        using (FileStream stream = File.Create(Witness)) SafetensorsWriter.Write(stream, file with { Tensors = tensors }, seal: true);
        JsonObject row = JsonNode.Parse(File.ReadAllText(Path.Combine(Row, "row.json")))!.AsObject();
        row["Ranks"]!["f3_f64"]!["SigmaMax"] = 1.001 * (double)RankOf("f3_f64")["SigmaMax"]!;
        File.WriteAllText(Path.Combine(Row, "row.json"), row.ToJsonString());
        (int code, string said) = Verify();
        Assert.Equal((int)ExitCode.NotConfirmed, code);
        Assert.Contains("is above the threshold, so that the rank may be more than", said);
        Assert.Contains("NOT CONFIRMED: σ_max was", said);
        Assert.Contains("0 of 2 ranks confirmed", said);
    }

    [Fact]
    public void A_rank_that_was_not_measured_yet_is_counted_as_missing()
    {
        JsonObject row = JsonNode.Parse(File.ReadAllText(Path.Combine(Row, "row.json")))!.AsObject();
        row["Ranks"]!.AsObject().Remove("f1_f64");
        File.WriteAllText(Path.Combine(Row, "row.json"), row.ToJsonString());
        (int code, string said) = Verify();
        Assert.Equal((int)ExitCode.Ok, code);
        Assert.Contains($"1 of 1 ranks confirmed; 1 not measured yet, which {ProgramName.Command("resume", _folder.Run)} does", said);
    }

    private string Witness => Path.Combine(Row, "f1_f64_v_min.safetensors");

    private JsonNode RankOf(string matrix) => JsonNode.Parse(File.ReadAllText(Path.Combine(Row, "row.json")))!["Ranks"]![matrix]!;

    private (int Code, string Said) Verify()
    {
        TextWriter before = Console.Out;
        StringWriter said = new();
        Console.SetOut(said);
        try
        {
            return (Session.Run("verify-rank", _folder.Run).Code, said.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    /// <summary>
    /// A run with small random weights, so that F1 is of less than full rank by a few, and just too large for all singular values; F3 is
    /// of full rank. Every test gets a copy.
    /// </summary>
    public sealed class RankedRun : IDisposable
    {
        private readonly ScratchFolder _folder = new();

        public RankedRun() => Assert.Equal(0, Session.Run(
            "table2", "--n", "2040", "--t1", "3", "--weights", "random", "--init", "normal=0.1", "--noise", "sd", "--features", "f64", "--out", _folder.Root).Code);

        public void CopyTo(ScratchFolder target) => _folder.CopyTo(target);

        public void Dispose() => _folder.Dispose();
    }
}
