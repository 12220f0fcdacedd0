using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Tests.Models;

/// <summary>The network of Figure 1 in plain double loops, from host copies of its parameters.</summary>
internal sealed class Figure1Loops(Module model)
{
    /// <summary>Parameter values by name; tests may change them.</summary>
    public Dictionary<string, HostArray> Values { get; } =
        model.Parameters.ToDictionary(p => p.Name, p => new HostArray(p.Shape, p.Value.ToArray<double>()));

    /// <summary>Outputs of layer 1 (F1), layer 3 (F3) and the network, for images [N,1,28,28].</summary>
    public (HostArray F1, HostArray F3, HostArray Output) Forward(HostArray images)
    {
        int stride = Values["conv2.weight"].Shape[2] == 2 ? 1 : 2;
        HostArray f1 = Sigmoid(Convolve(images, Values["conv1.weight"], Values["conv1.bias"], 1));
        HostArray f3 = Sigmoid(Convolve(Pool(f1), Values["conv2.weight"], Values["conv2.bias"], stride));
        HostArray pooled = Pool(f3);
        HostArray flat = new([pooled.Shape[0], pooled.Values.Length / pooled.Shape[0]], pooled.Values);
        HostArray hidden = Sigmoid(Affine(flat, Values["fc1.weight"], Values["fc1.bias"]));
        return (f1, f3, Affine(hidden, Values["fc2.weight"], Values["fc2.bias"]));
    }

    /// <summary>Mean over all entries of (output - one-hot label)².</summary>
    public double Loss(HostArray images, int[] labels)
    {
        HostArray output = Forward(images).Output;
        double sum = 0;
        for (int n = 0; n < labels.Length; n++)
        {
            for (int c = 0; c < 10; c++) sum += Math.Pow(output[n, c] - (c == labels[n] ? 1 : 0), 2);
        }

        return sum / output.Values.Length;
    }

    private static HostArray Sigmoid(HostArray x) => x with { Values = Array.ConvertAll(x.Values, v => 1 / (1 + Math.Exp(-v))) };

    private static HostArray Convolve(HostArray x, HostArray w, HostArray b, int stride)
    {
        int n = (int)x.Shape[0], channels = (int)x.Shape[1], side = (int)x.Shape[2], filters = (int)w.Shape[0], kernel = (int)w.Shape[2];
        int p = (side - kernel) / stride + 1;
        double[] y = new double[n * filters * p * p];
        for (int i = 0; i < y.Length; i++)
        {
            int column = i % p, row = i / p % p, filter = i / (p * p) % filters, image = i / (p * p * filters);
            double sum = b.Values.Length == filters ? b.Values[filter] : b.Values[i % (filters * p * p)];
            for (int c = 0; c < channels; c++)
            for (int r = 0; r < kernel; r++)
            for (int s = 0; s < kernel; s++)
            {
                sum += w.Values[((filter * channels + c) * kernel + r) * kernel + s]
                    * x.Values[((image * channels + c) * side + row * stride + r) * side + column * stride + s];
            }

            y[i] = sum;
        }

        return new HostArray([n, filters, p, p], y);
    }

    private static HostArray Pool(HostArray x)
    {
        int side = (int)x.Shape[2], half = side / 2;
        double[] y = new double[x.Shape[0] * x.Shape[1] * half * half];
        for (int i = 0; i < y.Length; i++)
        {
            int corner = i / (half * half) * side * side + i / half % half * 2 * side + i % half * 2;
            y[i] = Math.Max(Math.Max(x.Values[corner], x.Values[corner + 1]), Math.Max(x.Values[corner + side], x.Values[corner + side + 1]));
        }

        return new HostArray([x.Shape[0], x.Shape[1], half, half], y);
    }

    private static HostArray Affine(HostArray x, HostArray w, HostArray b)
    {
        int n = (int)x.Shape[0], inputs = (int)x.Shape[1], outputs = (int)w.Shape[0];
        double[] y = new double[n * outputs];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = b.Values[i % outputs];
            for (int j = 0; j < inputs; j++) y[i] += x.Values[i / outputs * inputs + j] * w.Values[i % outputs * inputs + j];
        }

        return new HostArray([n, outputs], y);
    }
}
