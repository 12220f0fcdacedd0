namespace CudaLandscape.Nn.Tests.Data;

/// <summary>A folder of its own for one test, removed afterwards.</summary>
public sealed class TempFolder : IDisposable
{
    private const string MemoryDisk = "/dev/shm";

    public string Root { get; } = Create();

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes four valid files: 20 training and 10 test images of 28 x 28.</summary>
    public void WriteDataSet(string under = "", bool packed = false)
    {
        Put("train-images-idx3-ubyte", IdxBytes.Images(20, 28, 28));
        Put("train-labels-idx1-ubyte", IdxBytes.Labels(20));
        Put("t10k-images-idx3-ubyte", IdxBytes.Images(10, 28, 28));
        Put("t10k-labels-idx1-ubyte", IdxBytes.Labels(10));

        void Put(string name, byte[] bytes) =>
            Write(Path.Combine(under, packed ? name + ".gz" : name), packed ? IdxBytes.Gzip(bytes) : bytes);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>In memory where the system offers it: the tests write tens of thousands of small files.</summary>
    private static string Create()
    {
        string path = Path.Combine(MemoryDisk, $"cudalandscape-{Guid.NewGuid():N}");
        try
        {
            return Directory.Exists(MemoryDisk)
                ? Directory.CreateDirectory(path).FullName
                : Directory.CreateTempSubdirectory("cudalandscape-").FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Directory.CreateTempSubdirectory("cudalandscape-").FullName;
        }
    }
}
