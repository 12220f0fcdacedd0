namespace CudaLandscape.Interop;

/// <summary>What to do when libraries cannot be had.</summary>
internal static class Mends
{
    internal const string Driver =
        "install NVIDIA's driver (libcuda.so.1; in a container start it with its GPUs), check with nvidia-smi and "
        + "CUDA_VISIBLE_DEVICES, or set CUDALANDSCAPE_DEVICE=soft to run on the CPU.";

    internal const string Set =
        "install the CUDA 12 or 13 libraries (both cuBLAS and cuSOLVER of one version), or NVIDIA's pip packages "
        + "(nvidia-cublas, nvidia-cusolver) into the Python that CUDALANDSCAPE_PYTHON names, or list their folders in "
        + "CUDALANDSCAPE_CUDA_LIBRARIES; or set CUDALANDSCAPE_DEVICE=soft to run on the CPU. "
        + "CUDA 13 libraries need a driver for CUDA 13.";

    internal const string Soft =
        "build native/ so that libsoftcuda.so lies beside the program, or give its absolute path in "
        + "CUDALANDSCAPE_SOFTCUDA.";

    internal const string Neither = Soft + " For a GPU: " + Driver;
}
