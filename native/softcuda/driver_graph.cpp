// Driver API: stream capture and graphs. A graph is the list of the captured work; launching it submits the list as one piece
// of work to a stream.
#include "stream.h"

using namespace softcuda;

namespace {

using Nodes = std::shared_ptr<const std::vector<Work>>;

struct Graph {
    Nodes nodes;
};

struct GraphExec {
    Nodes nodes;
};

CUresult run_all(const std::vector<Work>& nodes) {
    for (const Work& node : nodes) {
        if (const CUresult result = node(); result != CUDA_SUCCESS) return result;
    }
    return CUDA_SUCCESS;
}

}  // namespace

SOFTCUDA_API CUresult cuStreamBeginCapture_v2(Stream* stream, int mode) {
    SOFTCUDA_ENTER(cuStreamBeginCapture_v2, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (mode < capture_global || mode > capture_relaxed) return CUDA_ERROR_INVALID_VALUE;
    return begin_capture(stream_of(*context, stream), static_cast<CaptureMode>(mode));
}

// The capture ends even when a fault is asked for, as it does when the call fails on a GPU.
SOFTCUDA_API CUresult cuStreamEndCapture(Stream* stream, Graph** graph) {
    auto nodes = std::make_shared<std::vector<Work>>();
    Context* current = current_context();
    const CUresult ended = current != nullptr ? end_capture(stream_of(*current, stream), nodes.get()) : CUDA_SUCCESS;
    SOFTCUDA_ENTER(cuStreamEndCapture, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (graph == nullptr) return CUDA_ERROR_INVALID_VALUE;
    *graph = ended == CUDA_SUCCESS ? new Graph{nodes} : nullptr;
    return ended;
}

SOFTCUDA_API CUresult cuStreamIsCapturing(Stream* stream, int* status) {
    SOFTCUDA_ENTER(cuStreamIsCapturing, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (status == nullptr) return CUDA_ERROR_INVALID_VALUE;
    const Capture* capture = stream_of(*context, stream).capture.get();
    *status = capture == nullptr ? 0 : capture->invalid ? 2 : 1;  // NONE, INVALIDATED, ACTIVE
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuGraphInstantiateWithFlags(GraphExec** executable, Graph* graph, unsigned long long flags) {
    SOFTCUDA_ENTER(cuGraphInstantiateWithFlags, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (executable == nullptr || graph == nullptr || flags != 0) return CUDA_ERROR_INVALID_VALUE;
    *executable = new GraphExec{graph->nodes};
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuGraphLaunch(GraphExec* executable, Stream* stream) {
    SOFTCUDA_ENTER(cuGraphLaunch, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (executable == nullptr) return CUDA_ERROR_INVALID_VALUE;
    return submit(stream_of(*context, stream), [nodes = executable->nodes] { return run_all(*nodes); });
}

SOFTCUDA_API CUresult cuGraphExecDestroy(GraphExec* executable) {
    SOFTCUDA_ENTER(cuGraphExecDestroy, CUresult)
    if (executable == nullptr) return CUDA_ERROR_INVALID_VALUE;
    delete executable;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuGraphDestroy(Graph* graph) {
    SOFTCUDA_ENTER(cuGraphDestroy, CUresult)
    if (graph == nullptr) return CUDA_ERROR_INVALID_VALUE;
    delete graph;
    return CUDA_SUCCESS;
}
