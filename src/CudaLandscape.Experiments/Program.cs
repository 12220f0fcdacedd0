using CudaLandscape.Experiments.Cli;

return Application.Run(args);
