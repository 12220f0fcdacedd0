using CudaLandscape.KernelStudy;

return Study.Run(args);
