// Driver API: streams and events.
#include "stream.h"

using namespace softcuda;

namespace {

// What cuEventCreate hands out. Queued work shares the event itself, so a handle may be destroyed before the work has run.
struct EventHandle {
    std::shared_ptr<Event> event;
};

bool is_complete(const Event& event) { return event.completed >= event.submitted; }

}  // namespace

SOFTCUDA_API CUresult cuStreamCreate(Stream** stream, unsigned flags) {
    SOFTCUDA_ENTER(cuStreamCreate, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (flags > 1) return CUDA_ERROR_INVALID_VALUE;
    *stream = create_stream(*context, flags == 0);
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuStreamDestroy_v2(Stream* stream) {
    SOFTCUDA_ENTER(cuStreamDestroy_v2, CUresult)
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    destroy_stream(stream);
    return CUDA_SUCCESS;
}

// Drains even when a fault is asked for: it is the answer that fails then, and no copy to the host is left to run later.
SOFTCUDA_API CUresult cuStreamSynchronize(Stream* stream) {
    Context* current = current_context();
    if (current != nullptr && stream_of(*current, stream).capture == nullptr) drain(stream_of(*current, stream));
    SOFTCUDA_ENTER(cuStreamSynchronize, CUresult)
    SOFTCUDA_CONTEXT(context);
    Stream& queue = stream_of(*context, stream);
    if (stream == nullptr) return refuse_legacy_in_capture();
    return queue.capture == nullptr ? CUDA_SUCCESS : invalidate(*queue.capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
}

SOFTCUDA_API CUresult cuStreamWaitEvent(Stream* stream, EventHandle* event, unsigned flags) {
    SOFTCUDA_ENTER(cuStreamWaitEvent, CUresult)
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    SOFTCUDA_CONTEXT(context);
    return wait_for(stream_of(*context, stream), event->event);
}

SOFTCUDA_API CUresult cuEventCreate(EventHandle** event, unsigned flags) {
    SOFTCUDA_ENTER(cuEventCreate, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (flags > 7) return CUDA_ERROR_INVALID_VALUE;
    *event = new EventHandle{std::make_shared<Event>()};
    (*event)->event->context = context;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuEventDestroy_v2(EventHandle* event) {
    SOFTCUDA_ENTER(cuEventDestroy_v2, CUresult)
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    delete event;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuEventRecord(EventHandle* event, Stream* stream) {
    SOFTCUDA_ENTER(cuEventRecord, CUresult)
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    SOFTCUDA_CONTEXT(context);
    return record(stream_of(*context, stream), event->event);
}

SOFTCUDA_API CUresult cuEventSynchronize(EventHandle* event) {
    SOFTCUDA_ENTER(cuEventSynchronize, CUresult)
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    Event& waited = *event->event;
    if (waited.capture != nullptr) return invalidate(*waited.capture, CUDA_ERROR_CAPTURED_EVENT);
    return run_until(*waited.context, [&waited] { return is_complete(waited); });
}

SOFTCUDA_API CUresult cuEventQuery(EventHandle* event) {
    SOFTCUDA_ENTER(cuEventQuery, CUresult)
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    Event& asked = *event->event;
    if (asked.capture != nullptr) return invalidate(*asked.capture, CUDA_ERROR_CAPTURED_EVENT);
    progress(*asked.context);
    if (asked.context->sticky != CUDA_SUCCESS) return asked.context->sticky;
    return is_complete(asked) ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}

SOFTCUDA_API CUresult cuEventElapsedTime(float* milliseconds, EventHandle* start, EventHandle* end) {
    SOFTCUDA_ENTER(cuEventElapsedTime, CUresult)
    if (start == nullptr || end == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    const Event &first = *start->event, &second = *end->event;
    if (first.submitted == 0 || second.submitted == 0) return CUDA_ERROR_INVALID_HANDLE;
    if (!is_complete(first) || !is_complete(second)) return CUDA_ERROR_NOT_READY;
    *milliseconds = std::chrono::duration<float, std::milli>(second.time - first.time).count();
    return CUDA_SUCCESS;
}
