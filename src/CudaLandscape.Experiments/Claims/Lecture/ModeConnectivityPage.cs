using System.Globalization;
using System.Text;
using CudaLandscape.Landscape.Paths;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>What the page says beside the numbers of item 39: our paths in the form of the publication's table, and its rows.</summary>
internal static class ModeConnectivityPage
{
    // Training loss (with L2) and test error in %, each smallest/largest of 61 points, from the README of the authors' code.
    private static readonly string[] s_published =
    [
        "CIFAR-10, VGG16 | .24/.24 6.79/6.94 | .14/.24 6.79/7.75 | .16/.27 6.79/8.08",
        "CIFAR-10, PreResNet164 | .18/.18 4.76/4.75 | .09/.18 4.45/4.97 | .11/.18 4.39/5.13",
        "CIFAR-10, WRN28x10 | .08/.09 3.69/3.73 | .05/.09 3.49/3.88 | .05/.10 3.53/4.29",
        "CIFAR-100, VGG16 | .89/.89 27.5/27.5 | .48/.89 27.4/30.1 | .59/1.05 27.1/30.8",
        "CIFAR-100, PreResNet164 | .49 21.6/21.7 | .26/.49 21.3/23.4 | .30/.49 21.4/23.6",
        "CIFAR-100, WRN28x10 | .20/.21 18.6/18.9 | .11/.21 18.3/19.2 | .13/.21 18.4/19.0",
    ];

    public static string Note(int samples, int tests, IReadOnlyList<MeasuredPath> paths)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Two convolutional networks with batch normalisation, trained on {samples} images from different initial points, {tests} test images. ");
        text.Append(CultureInfo.InvariantCulture, $"{paths[0].Train.Points.Count} points on each path, running statistics estimated anew at every point; losses are without L2.\n\n");
        text.Append("| path | training loss, smallest/largest | training errors, smallest/largest | test error in %, smallest/largest |\n| --- | --: | --: | --: |\n");
        foreach ((string name, PathProfile train, PathProfile test) in paths)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {train.Losses.Min():G3}/{train.Highest:G3} ");
            text.Append(CultureInfo.InvariantCulture, $"| {train.Points.Min(e => e.Errors)}/{train.Points.Max(e => e.Errors)} ");
            text.Append(CultureInfo.InvariantCulture, $"| {100.0 * test.Points.Min(e => e.Errors) / tests:F1}/{100.0 * test.Points.Max(e => e.Errors) / tests:F1} |\n");
        }

        text.Append("\nThe published rows, of other networks, **not reproduced** here: training loss and test error in %, smallest/largest of the single\n");
        text.Append("networks and of 61 points on each curve.\n\n| published | single networks | Bézier curve | polygonal chain |\n| --- | --- | --- | --- |\n");
        foreach (string row in s_published) text.Append("| ").Append(row).Append(" |\n");
        return text.ToString().TrimEnd();
    }
}
