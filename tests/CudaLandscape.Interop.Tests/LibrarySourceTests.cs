namespace CudaLandscape.Interop.Tests;

public sealed class LibrarySourceTests
{
    private static readonly string[] Both =
        ["libcublas.so.13", "libcusolver.so.12", "libcublas.so.12", "libcusolver.so.11"];

    [Fact]
    public void Each_place_goes_before_the_next()
    {
        const string python = "/py/lib/python3.12/site-packages/nvidia/cu13/lib";
        string[] places = ["/list", "/path/lib64", "/home/lib", "", "/usr/local/cuda/lib64", python];
        for (int first = 0; first < places.Length; first++)
        {
            FakeHost host = Machine();
            foreach (string place in places.Skip(first))
            {
                host = place.Length == 0 ? host.OnPath(Both) : host.With(place, Both);
            }

            string expected = Path.Combine(places[first], "libcublas.so.13");
            Assert.Equal(expected, new LibraryChooser(host).Choose(null).Blas.Path);
        }
    }

    [Fact]
    public void The_listed_folders_go_before_a_newer_set_elsewhere()
    {
        FakeHost host = Machine().OnPath(Both).With("/list", "libcublas.so.12").With("/list2", "libcusolver.so.11");
        LibraryBinding bound = new LibraryChooser(host).Choose(null);
        Assert.Equal(("/list/libcublas.so.12", "/list2/libcusolver.so.11"), (bound.Blas.Path, bound.Solver.Path));
    }

    [Fact]
    public void The_newest_toolkit_goes_first()
    {
        FakeHost host = Machine().With("/usr/local/cuda-13.0/lib64", Both).With("/usr/local/cuda-13.1/lib64", Both);
        Assert.Equal("/usr/local/cuda-13.1/lib64/libcublas.so.13", new LibraryChooser(host).Choose(null).Blas.Path);
    }

    [Fact]
    public void Separate_pip_packages_are_one_place()
    {
        const string nvidia = "/py/lib/python3.12/site-packages/nvidia";
        FakeHost host = Machine().With(nvidia + "/cublas/lib", "libcublas.so.12", "libcublasLt.so.12")
            .With(nvidia + "/cusolver/lib", "libcusolver.so.11").With(nvidia + "/cusparse/lib", "libcusparse.so.12")
            .With(nvidia + "/nvjitlink/lib", "libnvJitLink.so.12");
        Assert.Equal(12, new LibraryChooser(host).Choose(null).CudaMajor);
        Assert.Contains(nvidia + "/nvjitlink/lib/libnvJitLink.so.12", host.Loaded);
        Assert.Equal(nvidia + "/cusolver/lib/libcusolver.so.11", host.Loaded[^1]);
    }

    [Fact]
    public void A_virtual_environment_goes_before_the_python_it_links_to()
    {
        FakeHost host = Machine();
        host.Variables.Remove("CUDALANDSCAPE_PYTHON");
        host.Variables["PATH"] = "relative:/venv/bin";
        host.Links["/venv/bin/python3"] = "/usr/bin/python3.11";
        host = host.With("/venv/bin", "python3").With("/usr/lib/python3.11/dist-packages/nvidia/cu13/lib", Both);
        Assert.StartsWith("/usr/lib/python3.11/dist-packages/", new LibraryChooser(host).Choose(null).Blas.Path);
        host = host.With("/venv/lib/python3.11/site-packages/nvidia/cu13/lib", Both);
        Assert.StartsWith("/venv/lib/python3.11/", new LibraryChooser(host).Choose(null).Blas.Path);
    }

    [Fact]
    public void Links_are_followed_on_a_real_disk()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("interop-python");
        try
        {
            string bin = Directory.CreateDirectory(Path.Combine(root.FullName, "base", "bin")).FullName;
            string venv = Directory.CreateDirectory(Path.Combine(root.FullName, "venv", "bin")).FullName;
            Directory.CreateDirectory(Path.Combine(root.FullName, "base", "lib", "python3.11"));
            File.WriteAllText(Path.Combine(bin, "python3.11"), "");
            File.CreateSymbolicLink(Path.Combine(bin, "python3"), "python3.11");
            File.CreateSymbolicLink(Path.Combine(venv, "python3"), Path.Combine(bin, "python3"));
            string target = new SystemLibraryHost().FollowLinks(Path.Combine(venv, "python3"));
            Assert.Equal(Path.Combine(bin, "python3.11"), target);
            Assert.Single(new SystemLibraryHost().Folders(Path.Combine(root.FullName, "base", "lib"), "python3*"));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static FakeHost Machine()
    {
        FakeHost host = new FakeHost().OnPath("libcuda.so.1");
        host.Variables["CUDALANDSCAPE_CUDA_LIBRARIES"] = "/list:/list2";
        host.Variables["CUDA_PATH"] = "/path";
        host.Variables["CUDA_HOME"] = "/home";
        host.Variables["CUDALANDSCAPE_PYTHON"] = "/py/bin/python3";
        return host;
    }
}
