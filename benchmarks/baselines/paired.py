"""What the comparisons of training steps share: our program as a child, the file it writes, and rounds that alternate."""
import datetime
import json
import os
import statistics
import struct
import subprocess
import sys

import numpy
import torch

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
NAME = "CudaLandscape.Benchmarks"
# Where it is built, and the two places in an unpacked bundle.
PLACES = [os.path.join("artifacts", "bin", NAME, "release"), "app", f"app-{NAME}"]
TYPES = {"F32": numpy.float32, "F64": numpy.float64, "I32": numpy.int32}


def read_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    result = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        result[name] = torch.from_numpy(numpy.frombuffer(data[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"]).copy())
    return result


def program():
    files = [os.path.join(ROOT, place, NAME + ".dll") for place in PLACES]
    found = next((file for file in files if os.path.exists(file)), None)
    return found or sys.exit(f"our program is in none of {', '.join(files)}; build it by ./build.sh bench --list flat")


def variables(threads, device):
    """Our program's environment: device and threads, and what softcuda needs in an unpacked bundle; PyTorch beside us keeps its own."""
    libraries = os.pathsep.join(filter(None, [os.environ.get("BUNDLE_LIBRARIES"), os.environ.get("LD_LIBRARY_PATH")]))
    name = "cuda:0" if device == "cuda" else "soft"
    return dict(os.environ, SOFTCUDA_WORKERS=str(threads), OMP_NUM_THREADS=str(threads), CUDALANDSCAPE_DEVICE=name, LD_LIBRARY_PATH=libraries)


class Ours:
    """Our program, on the CPU with a number of threads or on a GPU: it prints some lines, warms up, and times a round for every line it gets."""

    def __init__(self, arguments, threads, lines, device="cpu"):
        self.process = subprocess.Popen(
            ["dotnet", program(), *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables(threads, device))
        self.head = [self.line() for _ in range(lines)]
        self.line()  # the first round warms up

    def line(self):
        text = self.process.stdout.readline()
        return text or sys.exit(f"our program ended with exit code {self.process.wait()}: {' '.join(self.process.args)}")

    @property
    def losses(self):
        return [float(line) for line in self.head]

    def round(self, kind=""):
        self.process.stdin.write(kind + "\n")
        self.process.stdin.flush()
        return tuple(float(word) for word in self.line().split())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def reset_peak(process="self"):
    """The peak of a process's resident set begins anew."""
    with open(f"/proc/{process}/clear_refs", "w") as file:
        file.write("5")


def resident_megabytes(field, process="self"):
    """A process's resident set: VmRSS now, VmHWM at its peak."""
    with open(f"/proc/{process}/status") as file:
        return next(int(line.split()[1]) * 1.024e-3 for line in file if line.startswith(field))


def require_agreement(name, losses, exact, allowed=1e-5):
    errors = [abs(a - b) / b for a, b in zip(losses, exact)]
    worst = max(errors)
    if not all(error <= allowed for error in errors):
        sys.exit(f"{name}: losses differ from float64 by {worst:.1e} relative; nothing was timed")
    return worst


def alternate(ours, peer, rounds):
    """Medians over pairs of rounds, ours and the peer's: (wall, processor) of ours, of the peer, and of the ratios."""
    pairs = [(ours(), peer()) for _ in range(rounds)]
    medians = [[statistics.median(pair[side][i] for pair in pairs) for i in range(2)] for side in range(2)]
    return *medians, [statistics.median(pair[1][i] / pair[0][i] for pair in pairs) for i in range(2)]


def numbers(text):
    return [int(word) for word in text.split(",")]


def print_machine(what="", unit="milliseconds per step, wall (processor)"):
    print(f"PyTorch {torch.__version__}; {clocks() or 'no GPU'}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {what}{unit}\n", flush=True)


def clocks():
    """Clocks of the first GPU as its driver tells them: of its multiprocessors, their most, and its memory's."""
    command = ["nvidia-smi", "--query-gpu=clocks.sm,clocks.max.sm,clocks.mem", "--format=csv,noheader", "--id=0"]
    try:
        return "clocks " + subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def add_device(parser):
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"], help="where both sides run")


def threads_of(options):
    """Numbers of threads to compare; on a GPU they change nothing, and there is one comparison."""
    return [1] if options.device == "cuda" else options.threads


def where(device, threads):
    """The end of a case's name."""
    return "" if device == "cuda" else f", threads: {threads}"


def stop_without_gpu(options):
    if options.device == "cuda" and not torch.cuda.is_available():
        print("no GPU")
        sys.exit()


def add_json(parser):
    parser.add_argument("--json", help="put the ratios into this file, as benchmarks/results/*_ratios.json, from which README's table is written")


def record(path, ratio, case, ours, theirs, unit="ms", device="cpu", peer=None, variant=None):
    """Adds a measurement to the file, in place of an older one of that case."""
    if not path:
        return
    content = {"date": datetime.date.today().isoformat(), "device": machine(device), "rows": []}
    if os.path.exists(path):
        fresh = content
        with open(path) as file:
            content = json.load(file)
        if (content["date"], content["device"]) != (fresh["date"], fresh["device"]):
            sys.exit(f"{path} is of {content['date']} on {content['device']}; give another file")
    row = {"ratio": ratio, "case": case, "ours": round(ours, 4), "theirs": round(theirs, 4), "unit": unit, "peer": peer or f"PyTorch {torch.__version__}",
           "commit": commit(), "load": round(os.getloadavg()[0], 1)}
    if variant:
        row["variant"] = variant
    if device == "cuda":
        row["clocks"] = clocks()
    content["rows"] = sorted([r for r in content["rows"] if (r["ratio"], r["case"]) != (ratio, case)] + [row], key=lambda r: (r["ratio"], r["case"]))
    with open(path, "w") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write("\n")


def commit():
    """Of the sources, or of the unpacked bundle."""
    note = os.path.join(ROOT, "commit.txt")
    if os.path.exists(note):
        with open(note) as file:
            words = dict(line.split(maxsplit=1) for line in file)
        return words["commit"].strip()[:7] + ("-dirty" if words["dirty"].strip() == "yes" else "")
    try:
        command = ["git", "-C", ROOT, "describe", "--always", "--dirty"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def machine(device):
    if device == "cuda":
        return f"{torch.cuda.get_device_name(0)}, CUDA {torch.version.cuda}"
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown processor")
    return f"{os.cpu_count()} cores of {model}, softcuda"
