// Stream capture: the sequences that are open, what they refuse, and their end.
#include <algorithm>
#include <atomic>

#include "stream.h"

namespace softcuda {
namespace {

std::mutex capture_mutex;
std::vector<std::shared_ptr<Capture>> open_captures;
std::atomic<int> open_count{0};

bool prohibits(const Capture& capture, bool even_relaxed) {
    if (capture.mode == capture_relaxed) return even_relaxed;
    return capture.mode == capture_global || capture.thread == std::this_thread::get_id();
}

CUresult refuse(CUresult reason, bool even_relaxed) {
    if (open_count == 0) return CUDA_SUCCESS;
    std::lock_guard lock(capture_mutex);
    CUresult result = CUDA_SUCCESS;
    for (const auto& capture : open_captures) {
        if (prohibits(*capture, even_relaxed)) result = invalidate(*capture, reason);
    }
    return result;
}

void close(const std::shared_ptr<Capture>& capture) {
    std::lock_guard lock(capture_mutex);
    capture->ended = true;
    open_captures.erase(std::find(open_captures.begin(), open_captures.end(), capture));
    --open_count;
    for (const auto& [stream, fork] : capture->forks) stream->capture = nullptr;
    capture->origin->capture = nullptr;
}

}  // namespace

CUresult invalidate(Capture& capture, CUresult reason) {
    capture.invalid = true;
    return reason;
}

void abandon_capture(Stream& stream) {
    const std::shared_ptr<Capture> capture = stream.capture;
    capture->invalid = true;
    capture->forks.erase(&stream);
    if (capture->origin == &stream) close(capture);
}

CUresult refuse_in_capture(bool even_relaxed) { return refuse(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, even_relaxed); }

CUresult refuse_legacy_in_capture() { return refuse(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, true); }

CUresult begin_capture(Stream& stream, CaptureMode mode) {
    if (stream.capture != nullptr) return CUDA_ERROR_ILLEGAL_STATE;
    if (&stream == &stream_of(*stream.context, nullptr)) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    auto capture = std::make_shared<Capture>();
    capture->mode = mode;
    capture->origin = &stream;
    capture->thread = std::this_thread::get_id();
    std::lock_guard lock(capture_mutex);
    stream.capture = capture;
    open_captures.push_back(capture);
    ++open_count;
    return CUDA_SUCCESS;
}

CUresult end_capture(Stream& stream, std::vector<Work>* nodes) {
    const std::shared_ptr<Capture> capture = stream.capture;
    if (capture == nullptr) return CUDA_ERROR_ILLEGAL_STATE;
    if (capture->origin != &stream) return invalidate(*capture, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED);
    if (capture->mode != capture_relaxed && capture->thread != std::this_thread::get_id()) {
        return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
    }
    const bool joined = std::all_of(capture->forks.begin(), capture->forks.end(), [](const auto& f) { return f.second.joined; });
    close(capture);
    if (capture->invalid) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    if (!joined) return CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
    *nodes = std::move(capture->nodes);
    return CUDA_SUCCESS;
}

}  // namespace softcuda
