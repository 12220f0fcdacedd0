#!/usr/bin/env python3
"""What nvcc made of the kernels, without a GPU.

    native/sass.py FATBIN            registers, stack (spills and local arrays) and static shared memory of every kernel;
                                     from sm_90 on 1024 bytes of that are CUDA's own
    native/sass.py FATBIN KERNEL     machine instructions of a kernel by kind, and those of every loop in it

A loop is what a branch back encloses; one with loops inside says so. A multiprocessor issues 4 warp instructions a cycle, so
that instructions x trips x warps / 4 is the least number of cycles a loop takes. Needs CUDA's cuobjdump; the architecture is
the newest in the fatbin unless --arch says another.
"""
import argparse
import collections
import re
import subprocess
import sys

WIDE = ("LDS", "STS", "LDG", "STG", "LDL", "STL")


def dump(tool, *options):
    try:
        done = subprocess.run([tool, *options], capture_output=True, text=True, check=False)
    except OSError as error:
        sys.exit(f"sass.py: --cuobjdump {tool}: {error.strerror}; it comes with CUDA's nvcc")
    if done.returncode != 0:
        sys.exit(f"sass.py: {' '.join([tool, *options])}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def of_newest(text, arch):
    """The part of a dump for one architecture, and its name."""
    parts = re.split(r"^arch = (sm_\w+)$", text, flags=re.M)
    found = dict(zip(parts[1::2], parts[2::2]))
    name = arch or max(found, key=lambda a: int(re.sub(r"\D", "", a)), default=None)
    if name not in found:
        sys.exit(f"sass.py: the fatbin has machine code for {', '.join(found) or 'no architecture'}, not for {name}")
    return found[name], name


def resources(text):
    """(kernel, registers, bytes of stack, bytes of static shared memory) of each kernel."""
    pattern = r"Function (\w+):\s+REG:(\d+) STACK:(\d+) SHARED:(\d+)"
    return [(m[1], int(m[2]), int(m[3]), int(m[4])) for m in re.finditer(pattern, text)]


def instructions(text):
    """(address, instruction) in order; a predicate in front is left out."""
    lines = re.finditer(r"^\s+/\*([0-9a-f]{4,})\*/\s+(?:@!?U?P\w+ )?(\S.*?) ?;", text, flags=re.M)
    return [(int(m[1], 16), m[2]) for m in lines]


def kind(instruction):
    """The name without its modifiers, but for the width of an access to memory."""
    name, *modifiers = instruction.split()[0].split(".")
    width = [m for m in modifiers if m in ("64", "128")]
    return ".".join([name, *width]) if name in WIDE else name


def loops(code):
    """(first, last) indices of what each branch back encloses, outer loops first."""
    place = {address: i for i, (address, _) in enumerate(code)}
    found = set()
    for i, (address, text) in enumerate(code):
        target = re.match(r"BRA\S* .*?0x([0-9a-f]+)", text)
        if target and int(target[1], 16) < address and int(target[1], 16) in place:
            found.add((place[int(target[1], 16)], i))
    return sorted(found, key=lambda span: (span[0], -span[1]))


def mix(code, most=10):
    counts = collections.Counter(kind(text) for _, text in code)
    return ", ".join(f"{n} {name}" for name, n in counts.most_common(most))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fatbin")
    parser.add_argument("kernel", nargs="?")
    parser.add_argument("--arch", help="such as sm_90")
    parser.add_argument("--cuobjdump", default="cuobjdump")
    given = parser.parse_args()
    if not given.kernel:
        text, arch = of_newest(dump(given.cuobjdump, "--dump-resource-usage", given.fatbin), given.arch)
        print(f"{arch}: {'kernel':<45} registers  stack  shared memory")
        for kernel, registers, stack, shared in sorted(resources(text), key=lambda row: (-row[2], -row[1])):
            print(f"{'':7}{kernel:<45} {registers:9} {stack:6} {shared:14}")
        return
    text, arch = of_newest(dump(given.cuobjdump, "-sass", "-fun", given.kernel, given.fatbin), given.arch)
    code = instructions(text)
    if not code:
        sys.exit(f"sass.py: {given.fatbin} has no kernel {given.kernel} for {arch}; without a name it lists them")
    print(f"{given.kernel}, {arch}: {len(code)} instructions: {mix(code)}")
    spans = loops(code)
    for first, last in spans:
        outer = any(first <= a and b <= last and (a, b) != (first, last) for a, b in spans)
        print(f"  {code[first][0]:5x} to {code[last][0]:5x}: {last - first + 1:5}{', loops inside' if outer else ''}: {mix(code[first:last + 1])}")


if __name__ == "__main__":
    main()
