"""How PyTorch runs a round of steps: op by op, compiled, recorded as a CUDA graph; and in which precision."""
import sys
import time

import torch

WARM_UPS = 3
MODES = ["eager", "graph", "compile", "compile graph"]


def add_modes(parser):
    parser.add_argument("--modes", type=lambda text: text.split(","), default=MODES,
                        help="how PyTorch may run on a GPU; eager,graph spares the minutes of its compiler, which the result then says")


def peer_name(options):
    """PyTorch as results name it; what was not tried is said."""
    name = f"PyTorch {torch.__version__}"
    missing = [mode for mode in MODES if mode not in options.modes]
    return name if options.device == "cpu" or not missing else f"{name}, {', '.join(missing)} not tried"


def set_precision(precision):
    """float32: no TF32 anywhere; tf32: tensor cores for products and convolutions, which PyTorch's convolutions do by default."""
    tf32 = precision == "tf32"
    torch.set_float32_matmul_precision("high" if tf32 else "highest")
    torch.backends.cudnn.allow_tf32 = tf32
    torch.backends.cudnn.benchmark = True


def synchronize():
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def timed(steps, run):
    """Milliseconds per step, wall and processor, of a round; on a GPU until the device is done."""
    synchronize()
    wall, processor = time.perf_counter(), time.process_time()
    run()
    synchronize()
    return (time.perf_counter() - wall) * 1e3 / steps, (time.process_time() - processor) * 1e3 / steps


def compiled(model, mode):
    return torch.compile(model) if "compile" in mode else model


def recorded(run):
    """A round as one CUDA graph. Whatever changes from round to round is read from tensors that keep their place."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(WARM_UPS):
            run()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        run()
    return graph.replay


def prepared(name, mode, run, check=lambda: None):
    """The round in its mode, checked and warmed up; or None when this PyTorch cannot do it, which is said on standard error."""
    begin = time.perf_counter()
    try:
        check()
        ready = recorded(run) if "graph" in mode else run
        for _ in range(WARM_UPS if torch.cuda.is_available() else 1):
            ready()
        synchronize()
    except (Exception, SystemExit) as error:  # of compilers and recording, whatever they throw; or it differs from float64
        if mode == "eager":
            raise
        print(f"{name}: left out: {type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}", file=sys.stderr)
        return None
    if mode != "eager":
        print(f"{name}: compiling and recording took {time.perf_counter() - begin:.1f} s", file=sys.stderr, flush=True)
    return ready
