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
PROGRAM = os.path.join(ROOT, "artifacts", "bin", "CudaLandscape.Benchmarks", "release", "CudaLandscape.Benchmarks.dll")
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


class Ours:
    """Our program with a given number of threads: it prints some lines, warms up, and then times a round for every line it gets."""

    def __init__(self, arguments, threads, lines):
        variables = dict(os.environ, SOFTCUDA_WORKERS=str(threads), OMP_NUM_THREADS=str(threads))
        self.process = subprocess.Popen(
            ["dotnet", PROGRAM, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables)
        self.head = [self.process.stdout.readline() for _ in range(lines)]
        self.process.stdout.readline()  # the first round warms up

    @property
    def losses(self):
        return [float(line) for line in self.head]

    def round(self, kind=""):
        self.process.stdin.write(kind + "\n")
        self.process.stdin.flush()
        return tuple(float(word) for word in self.process.stdout.readline().split())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def require_agreement(name, losses, exact):
    errors = [abs(a - b) / b for a, b in zip(losses, exact)]
    worst = max(errors)
    if not all(error <= 1e-5 for error in errors):
        sys.exit(f"{name}: losses differ from float64 by {worst:.1e} relative; nothing was timed")
    return worst


def alternate(ours, peer, rounds):
    """Medians over pairs of rounds, ours and the peer's: (wall, processor) of ours, of the peer, and of the ratios."""
    pairs = [(ours(), peer()) for _ in range(rounds)]
    medians = [[statistics.median(pair[side][i] for pair in pairs) for i in range(2)] for side in range(2)]
    return *medians, [statistics.median(pair[1][i] / pair[0][i] for pair in pairs) for i in range(2)]


def numbers(text):
    return [int(word) for word in text.split(",")]


def print_machine(what=""):
    print(f"PyTorch {torch.__version__}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {what}milliseconds per step, wall (processor)\n")


def add_json(parser):
    parser.add_argument("--json", help="put the ratios into this file, as benchmarks/results/*_ratios.json, from which README's table is written")


def record(path, ratio, case, ours, theirs, unit="ms"):
    """Adds a measurement to the file, in place of an older one of that case."""
    if not path:
        return
    content = {"date": datetime.date.today().isoformat(), "device": device(), "rows": []}
    if os.path.exists(path):
        fresh = content
        with open(path) as file:
            content = json.load(file)
        if (content["date"], content["device"]) != (fresh["date"], fresh["device"]):
            sys.exit(f"{path} is of {content['date']} on {content['device']}; give another file")
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    row = {"ratio": ratio, "case": case, "ours": round(ours, 4), "theirs": round(theirs, 4), "unit": unit, "peer": f"PyTorch {torch.__version__}",
           "commit": commit or "unknown", "load": round(os.getloadavg()[0], 1)}
    content["rows"] = sorted([r for r in content["rows"] if (r["ratio"], r["case"]) != (ratio, case)] + [row], key=lambda r: (r["ratio"], r["case"]))
    with open(path, "w") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write("\n")


def device():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown processor")
    return f"{os.cpu_count()} cores of {model}, softcuda"
