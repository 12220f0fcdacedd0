using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Tests.Runs;

public sealed class AppendedTableTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string File => Path.Combine(_folder.Root, "epochs.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_after_the_remembered_size_are_cut_off_and_written_again()
    {
        long size;
        using (AppendedTable table = new(File, "epoch", "loss"))
        {
            table.Truncate(0);
            table.Append(1, 0.1 + 0.2);
            size = table.Flush();
            table.Append(2, 5);
        }

        Assert.Equal("epoch,loss\n1,0.30000000000000004\n2,5\n", System.IO.File.ReadAllText(File));
        using (AppendedTable table = new(File, "epoch", "loss"))
        {
            table.Truncate(size);
            table.Append(2, 7);
        }

        Assert.Equal("epoch,loss\n1,0.30000000000000004\n2,7\n", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_start_leaves_the_header_alone()
    {
        System.IO.File.WriteAllText(File, "epoch,loss\n1,2\n");
        using (AppendedTable table = new(File, "epoch", "loss")) table.Truncate(0);
        Assert.Equal("epoch,loss\n", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Fewer_bytes_than_remembered_are_an_error_that_names_the_file()
    {
        using AppendedTable table = new(File, "epoch", "loss");
        table.Truncate(0);
        string message = Assert.Throws<IOException>(() => table.Truncate(100)).Message;
        Assert.Contains(File, message);
        Assert.Contains("11 bytes, but 100", message);
    }
}
