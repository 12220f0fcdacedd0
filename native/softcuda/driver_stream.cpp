// Driver API: streams and events. Work runs when it is submitted, so a stream is always drained and an event only keeps
// the time of its record.
#include <chrono>

#include "core.h"

using namespace softcuda;

namespace {

using Clock = std::chrono::steady_clock;

struct Stream {
    Context* context;
};

struct Event {
    Context* context;
    bool recorded = false;
    Clock::time_point time;
};

}  // namespace

SOFTCUDA_API CUresult cuStreamCreate(Stream** stream, unsigned flags) {
    SOFTCUDA_ENTER(cuStreamCreate, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (flags > 1) return CUDA_ERROR_INVALID_VALUE;
    *stream = new Stream{context};
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuStreamDestroy_v2(Stream* stream) {
    SOFTCUDA_ENTER(cuStreamDestroy_v2, CUresult)
    if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    delete stream;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuStreamSynchronize(Stream* stream) {
    SOFTCUDA_ENTER(cuStreamSynchronize, CUresult)
    (void)stream;
    SOFTCUDA_CONTEXT(context);
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuStreamWaitEvent(Stream* stream, Event* event, unsigned flags) {
    SOFTCUDA_ENTER(cuStreamWaitEvent, CUresult)
    (void)stream;
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    SOFTCUDA_CONTEXT(context);
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuEventCreate(Event** event, unsigned flags) {
    SOFTCUDA_ENTER(cuEventCreate, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (flags > 7) return CUDA_ERROR_INVALID_VALUE;
    *event = new Event{context, false, {}};
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuEventDestroy_v2(Event* event) {
    SOFTCUDA_ENTER(cuEventDestroy_v2, CUresult)
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    delete event;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuEventRecord(Event* event, Stream* stream) {
    SOFTCUDA_ENTER(cuEventRecord, CUresult)
    (void)stream;
    if (event == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    SOFTCUDA_CONTEXT(context);
    event->time = Clock::now();
    event->recorded = true;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuEventSynchronize(Event* event) {
    SOFTCUDA_ENTER(cuEventSynchronize, CUresult)
    return event == nullptr ? CUDA_ERROR_INVALID_HANDLE : CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuEventQuery(Event* event) {
    SOFTCUDA_ENTER(cuEventQuery, CUresult)
    return event == nullptr ? CUDA_ERROR_INVALID_HANDLE : CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuEventElapsedTime(float* milliseconds, Event* start, Event* end) {
    SOFTCUDA_ENTER(cuEventElapsedTime, CUresult)
    if (start == nullptr || end == nullptr || !start->recorded || !end->recorded) return CUDA_ERROR_INVALID_HANDLE;
    *milliseconds = std::chrono::duration<float, std::milli>(end->time - start->time).count();
    return CUDA_SUCCESS;
}
