using CudaLandscape.Nn.Data;
using Xunit;

namespace CudaLandscape.Nn.Tests.Data;

public sealed class IdxFuzzTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Edited_image_files_give_the_declared_content_or_the_typed_error()
    {
        Fuzz(IdxBytes.Images(3, 4, 5), 20000, IdxFile.ReadImages, image =>
            Assert.Equal(image.Count * image.Rows * image.Columns, image.Payload.Length));
    }

    [Fact]
    public void Edited_label_files_give_labels_below_ten_or_the_typed_error()
    {
        Fuzz(IdxBytes.Labels(12), 5000, IdxFile.ReadLabels, labels =>
        {
            Assert.Equal(labels.Count, labels.Payload.Length);
            Assert.All(labels.Payload, label => Assert.InRange(label, 0, 9));
        });
    }

    [Fact]
    public void Edited_gzip_files_give_the_untouched_content_or_the_typed_error()
    {
        byte[] plain = IdxBytes.Images(3, 4, 5);
        Fuzz(IdxBytes.Gzip(plain), 10000, IdxFile.ReadImages, image => Assert.Equal(plain[16..], image.Payload));
    }

    private void Fuzz(byte[] valid, int runs, Func<string, IdxContent> read, Action<IdxContent> check)
    {
        Random random = new(runs);
        int accepted = 0;
        for (int i = 0; i < runs; i++)
        {
            string path = _folder.Write("edited", ByteEdits.Edit(valid, random));
            try
            {
                check(read(path));
                accepted++;
            }
            catch (DataFileException error)
            {
                Assert.Contains(path, error.Message);
            }
        }

        Assert.InRange(accepted, 1, runs - 1);
    }
}
