using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Runs;

/// <summary>
/// A folder for the R of one matrix between its QR and its rank, so that a stopped run does not factor it again: the upper
/// triangle in sealed safetensors files of at most 32 MB, written and read one at a time. Removed when the rank is there.
/// </summary>
/// <param name="path">The folder; made when R is kept.</param>
/// <param name="worth">A factorisation that took less time is not kept.</param>
/// <param name="log">Receives what is kept, and why not.</param>
internal sealed class KeptFactor(string path, TimeSpan worth, Action<string> log)
{
    private const long FileBytes = 32L << 20, SpareBytes = 1L << 30;
    private const string Name = "columns", Format = "cudalandscape.triangle/1";

    /// <summary>Keeps R, when its factorisation took long enough, it is all that the rank needs, and the disk has room.</summary>
    public void Save(TriangularFactor factor, TimeSpan took)
    {
        if (took < worth || factor.IsZero || factor.NeedsOriginal) return;
        Remove();
        Directory.CreateDirectory(path);
        long free = new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace;
        string size = string.Create(CultureInfo.InvariantCulture, $"{factor.PackedBytes / 1e9:F2} GB");
        if (factor.PackedBytes + SpareBytes > free)
        {
            log($"R is not kept: it needs {size} and 1 GB to spare, {path} has {free / 1e9:F2} GB; a stopped rank begins again");
            return;
        }

        Stopwatch watch = Stopwatch.StartNew();
        (long First, long Last)[] parts = [.. Parts(factor.Size)];
        for (int i = 0; i < parts.Length; i++) Write(factor, i, parts[i].First, parts[i].Last);
        log($"R is kept in {path} until its rank is there: {size}, {watch.Elapsed.TotalSeconds:F1} s");
    }

    /// <summary>R of F[rows, columns] as it was kept; null when it was not, or not to the end, or is damaged, which is said.</summary>
    /// <exception cref="ArgumentException">Another version kept it in a form that this one does not know.</exception>
    public TriangularFactor? Load(Device device, long rows, long columns)
    {
        (long First, long Last)[] parts = [.. Parts(Math.Min(rows, columns))];
        if (!Enumerable.Range(0, parts.Length).All(i => File.Exists(FileOf(i)))) return null;
        TriangularFactor? factor = null;
        try
        {
            for (int i = 0; i < parts.Length; i++)
            {
                SafetensorsFile file = Read(i, rows, columns, TriangularFactor.PackedCount(parts[i].First, parts[i].Last));
                factor ??= TriangularFactor.Empty(device, rows, columns, Number<int>(file, "exponent"), Number<double>(file, "deviation"));
                factor.SetColumns(parts[i].First, parts[i].Last, MemoryMarshal.Cast<byte, double>(file.Tensors[0].Bytes));
            }

            return factor;
        }
        catch (Exception e) when (e is DataFileException or FormatException)
        {
            factor?.Dispose();
            log($"warning: {e.Message} The matrix is factored again.");
            return null;
        }
    }

    /// <summary>Removes what was kept.</summary>
    public void Remove()
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    private void Write(TriangularFactor factor, int part, long first, long last)
    {
        long count = TriangularFactor.PackedCount(first, last);
        SafetensorsTensor tensor = new(Name, "F64", [count], new byte[count * sizeof(double)]);
        factor.GetColumns(first, last, MemoryMarshal.Cast<byte, double>(tensor.Bytes.AsSpan()));
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["rows"] = $"{factor.Rows}",
            ["columns"] = $"{factor.Columns}",
            ["part"] = $"{part}",
            ["exponent"] = factor.Exponent.ToString(CultureInfo.InvariantCulture),
            ["deviation"] = factor.Deviation.ToString("R", CultureInfo.InvariantCulture),
        };
        DurableFile.Replace(FileOf(part), stream => SafetensorsWriter.Write(stream, new SafetensorsFile(metadata, [tensor]), seal: true));
    }

    private SafetensorsFile Read(int part, long rows, long columns, long count)
    {
        SafetensorsFile file = SafetensorsReader.Read(FileOf(part));
        if (file.IsSealed && file.Metadata.TryGetValue("format", out string? format) && format != Format)
            throw new ArgumentException(
                $"{FileOf(part)}: R was kept in the form {format}, this version knows {Format}. Go on with the version that kept it, or remove {path} to "
                + "factor the matrix again.");
        bool fits = file.IsSealed && file.Tensors is [{ Name: Name, Type: "F64" } only] && only.Shape == [count]
            && (Number<long>(file, "rows"), Number<long>(file, "columns"), Number<int>(file, "part")) == (rows, columns, part);
        return fits ? file : throw new DataFileException(
            FileOf(part), 8, $"this is no part {part} of R for a {rows} x {columns} matrix", string.Join(", ", file.Tensors),
            $"a sealed file with {Name} [{count}] F64", "Nothing needs to be done.");
    }

    private static T Number<T>(SafetensorsFile file, string name)
        where T : IParsable<T> =>
        T.TryParse(file.Metadata.GetValueOrDefault(name), CultureInfo.InvariantCulture, out T? value) ? value
            : throw new FormatException($"A kept R has no {name}.");

    // Column ranges of at most FileBytes each, or of one column.
    private static IEnumerable<(long First, long Last)> Parts(long size)
    {
        for (long first = 0, last; first < size; first = last)
        {
            last = first + 1;
            while (last < size && TriangularFactor.PackedCount(first, last + 1) * sizeof(double) <= FileBytes) last++;
            yield return (first, last);
        }
    }

    private string FileOf(int part) => Path.Combine(path, $"R-{part:D3}.safetensors");
}
