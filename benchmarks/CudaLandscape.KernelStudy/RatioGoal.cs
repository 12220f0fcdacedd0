namespace CudaLandscape.KernelStudy;

/// <summary>A comparison this project sets itself: ours against the strongest fair setting of a peer, on one machine in one run.</summary>
/// <param name="Number">Number of the ratio.</param>
/// <param name="What">What is compared.</param>
/// <param name="Peer">With what.</param>
/// <param name="Goal">The ratio to reach, their time over ours.</param>
/// <param name="NeedsGpu">Whether it says something on a GPU only.</param>
internal sealed record RatioGoal(int Number, string What, string Peer, string Goal, bool NeedsGpu = false)
{
    /// <summary>Eleven of kernels and launches, and two of whole steps on the CPU.</summary>
    public static IReadOnlyList<RatioGoal> All { get; } =
    [
        new(1, "MNIST step, T1 = 100, batch 128, float32 accuracy", "best of PyTorch eager, channels_last, compile, CUDA graph", "3", NeedsGpu: true),
        new(2, "Table 2, ten networks, 2000 epochs", "the sum of the best PyTorch runs", "4", NeedsGpu: true),
        new(3, "eight seeds trained in one launch", "our own runs one after another", "3 at T1 = 10", NeedsGpu: true),
        new(4, "VGG16 step, float32 class", "PyTorch, TF32 off, cudnn.benchmark, graph", "1.3", NeedsGpu: true),
        new(5, "VGG16 step, TF32 class", "PyTorch compile, graph, channels_last", "0.8", NeedsGpu: true),
        new(6, "DenseNet121 step, TF32 class", "torch.compile; eager", "1.2; 2.5", NeedsGpu: true),
        new(7, "skip head, forward and backward, N = 50,000", "cat, index_select, mm with autograd", "6 on a GPU, 1 on the CPU"),
        new(8, "σ_min, σ_max and certificate, 60000 x 67600", "cusolverDnXgesvd", "8", NeedsGpu: true),
        new(9, "host cost of one op", "PyTorch eager", "5"),
        new(10, "CPU: MNIST step", "PyTorch from Debian, best layout", "6 at T1 = 100, 2.5 at T1 = 10"),
        new(11, "CPU: σ_min and σ_max of 3000 x 3380", "LAPACK dgesdd, values only", "3"),
        new(12, "CPU: training step of VGG11 and CNN13", "PyTorch from Debian, best layout", "1"),
        new(13, "CPU: Hessian-vector product, Figure 1's network, 2,000 images", "PyTorch's double backward", "1"),
    ];
}
