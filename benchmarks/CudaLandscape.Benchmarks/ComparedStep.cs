using System.Diagnostics;
using System.Globalization;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Our side of a comparison that a script of <c>baselines</c> makes: random images, the file that tells the other side what to
/// begin with, the losses of the first steps, and rounds of steps that are timed when a line comes in.
/// </summary>
internal static class ComparedStep
{
    private static readonly Stopwatch s_wall = new();
    private static TimeSpan s_processor;

    /// <summary>Images [count, channels, side, side] of random bytes with random labels of 10 classes.</summary>
    public static ImageSet Images(int count, int channels, int side, int seed)
    {
        Random random = new(seed);
        byte[] pixels = new byte[count * channels * side * side], labels = new byte[count];
        random.NextBytes(pixels);
        for (int i = 0; i < count; i++) labels[i] = (byte)random.Next(10);
        return new ImageSet(pixels, labels, channels, side, side, 10, "random bytes", "", isReal: false);
    }

    /// <summary>Writes tensors to a file that others read too.</summary>
    public static void Export(string file, IEnumerable<SafetensorsTensor> tensors)
    {
        using FileStream stream = File.Create(file);
        SafetensorsWriter.Write(stream, new SafetensorsFile(new Dictionary<string, string>(), [.. tensors]), seal: false);
    }

    /// <summary>Prints an epoch's loss.</summary>
    public static void PrintLoss(EpochReport report) => Console.WriteLine(report.Loss.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Ends a round of steps, prints milliseconds of wall and processor per step, and waits for the next to be asked for.</summary>
    public static void EndRound(int steps)
    {
        double wall = s_wall.Elapsed.TotalMilliseconds / steps;
        double processor = (Process.GetCurrentProcess().TotalProcessorTime - s_processor).TotalMilliseconds / steps;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wall:R} {processor:R}"));
        if (Console.ReadLine() is null) Environment.Exit(0);
        s_processor = Process.GetCurrentProcess().TotalProcessorTime;
        s_wall.Restart();
    }
}
