namespace CudaLandscape.Nn.Training;

/// <summary>
/// Random crops and flips of the training images, afresh in every epoch: pad with black, cut out the image's size at a random
/// place, mirror with probability ½. The defaults are those of CIFAR-10+ (He et al., CVPR'16, section 4.2; Huang et al.,
/// CVPR'17, section 4.1; Nguyen, Mukkamala and Hein, ICLR'19).
/// </summary>
/// <param name="Pad">Pixels of padding on each side.</param>
/// <param name="Flip">Mirror left and right.</param>
public sealed record Augmentation(int Pad = 4, bool Flip = true);
