// The name Rank alone means the namespace CudaLandscape.Landscape.Rank here.
global using MatrixRank = CudaLandscape.Tensors.Linalg.Rank;
