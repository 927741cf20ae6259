// Stand-in of cuDNN's legacy API, beside the driver's: convolutions in the plain way, and checks of
// all that is passed. Algorithms whose documentation says that they use atomics add up in another
// order at every call.
#include "cudnn.h"

#include <stdio.h>

using namespace cudnn;

namespace {
struct Handle {
  int device;
  uint64_t stream = 0;
};

std::set<Handle *> handles;
std::set<Tensor *> tensors;
std::set<Convolution *> convolutions;
const uint64_t WORKSPACE_OF_PICTURE = 1000;
long long refused = 0; // channels of pictures of which there is no convolution
bool late = false;     // whether that is only said when one is asked for

Status invalid(const char *why) {
  fprintf(stderr, "stand-in cuDNN: %s\n", why);
  return BAD_PARAM;
}

template <typename T> Status made(std::set<T *> &all, T *one, T **to) {
  Lock lock(mutex);
  all.insert(one);
  counts["cudnn live"]++;
  *to = one;
  return OK;
}

template <typename T> Status destroy(std::set<T *> &all, T *one) {
  Lock lock(mutex);
  if (all.erase(one) == 0) {
    return invalid("something is destroyed that does not live");
  }
  counts["cudnn live"]--;
  delete one;
  return OK;
}

Status set(Tensor *one, bool filter, int format, int type, int count, int channels, int height,
           int width) {
  Lock lock(mutex);
  if (tensors.count(one) == 0 || one->filter != filter) {
    return invalid("a description is of something else, or of nothing that lives");
  }
  if (format != 0 || type != 0 || count < 1 || channels < 1 || height < 1 || width < 1) {
    return invalid("numbers cannot lie like that, as nobody has tried");
  }
  one->count = count;
  one->channels = channels;
  one->height = height;
  one->width = width;
  return OK;
}

int64_t places(int64_t length, int64_t window, int pad, int stride) {
  return (length + 2 * pad - window) / stride + 1;
}

bool known(const Handle *handle, const Tensor *x, const Tensor *w, const Convolution *c,
           const Tensor *y) {
  auto find = [](auto &all, auto *one) {
    return all.count(const_cast<std::remove_const_t<std::remove_pointer_t<decltype(one)>> *>(one));
  };
  return find(handles, handle) && find(tensors, x) && find(tensors, w) && find(tensors, y) &&
         find(convolutions, c) && !x->filter && w->filter && !y->filter && c->known;
}

Status fits(const Handle *handle, const Tensor *x, const Tensor *w, const Convolution *c,
            const Tensor *y, int algorithm, int algorithms) {
  if (!known(handle, x, w, c, y)) {
    return invalid("a description is not set, of another kind, or does not live");
  }
  if (x->channels != w->channels || y->channels != w->count || y->count != x->count ||
      y->height != places(x->height, w->height, c->padDown, c->strideDown) ||
      y->width != places(x->width, w->width, c->padAcross, c->strideAcross)) {
    return invalid("pictures, filter and places do not belong together");
  }
  return algorithm < 0 || algorithm >= algorithms ? invalid("there is no such algorithm") : OK;
}

Status size(Handle *handle, Tensor *x, Tensor *w, Convolution *c, Tensor *y, int algorithm,
            int algorithms, size_t *bytes) {
  Lock lock(mutex);
  Status problem = fits(handle, x, w, c, y, algorithm, algorithms);
  if (problem != OK) {
    return problem;
  }
  counts["convolutions planned"]++;
  if (x->channels == refused && !late) {
    return UNSUPPORTED;
  }
  *bytes = x->count * WORKSPACE_OF_PICTURE;
  return OK;
}

Status run(Job job, Handle *handle, Tensor *x, Tensor *w, Convolution *c, Tensor *y, int algorithm,
           int algorithms) {
  Lock lock(mutex);
  Status problem = fits(handle, x, w, c, y, algorithm, algorithms);
  if (problem != OK) {
    return problem;
  }
  if (x->channels == refused) {
    return UNSUPPORTED;
  }
  auto stream = state() == SUCCESS && handle->stream != 0 ? stream_of(handle->stream) : nullptr;
  if (!stream || stream->device != handle->device) {
    return NOT_READY_YET;
  }
  if (job.atPictures % 16 != 0 || job.atFilter % 16 != 0 || job.atPlaces % 16 != 0) {
    return invalid("an array begins at an address of which kernels may depend");
  }
  if (job.workspace % 256 != 0 || job.workspaceBytes < x->count * WORKSPACE_OF_PICTURE) {
    return BAD_SIZE;
  }
  job.device = stream->device;
  job.pictures = *x;
  job.filter = *w;
  job.places = *y;
  job.convolution = *c;
  ask(stream, {[=] { compute(job); }}, lock);
  return OK;
}
} // namespace

extern "C" {
size_t cudnnGetVersion() { return 91900; }

const char *cudnnGetErrorString(Status status) {
  switch (status) {
  case OK: return "CUDNN_STATUS_SUCCESS";
  case NOT_READY_YET: return "CUDNN_STATUS_NOT_INITIALIZED";
  case BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
  case BAD_SIZE: return "CUDNN_STATUS_BAD_PARAM_SIZE_INSUFFICIENT";
  case UNSUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
  default: return "CUDNN_STATUS_EXECUTION_FAILED";
  }
}

// Has no convolution of pictures of so many channels, from now on; 0 to undo it.
void standInRefuseConvolutions(long long channels, int whenAsked) {
  refused = channels;
  late = whenAsked != 0;
}

Status cudnnCreate(Handle **to) {
  {
    Lock lock(mutex);
    if (state() != SUCCESS) {
      return NOT_READY_YET;
    }
  }
  Handle *one = new Handle;
  one->device = current_device;
  return made(handles, one, to);
}

Status cudnnDestroy(Handle *one) { return destroy(handles, one); }

Status cudnnSetStream(Handle *one, uint64_t stream) {
  Lock lock(mutex);
  if (handles.count(one) == 0 || !stream_of(stream)) {
    return invalid("there is no such stream");
  }
  one->stream = stream;
  return OK;
}

Status cudnnCreateTensorDescriptor(Tensor **to) { return made(tensors, new Tensor, to); }

Status cudnnDestroyTensorDescriptor(Tensor *one) { return destroy(tensors, one); }

Status cudnnSetTensor4dDescriptor(Tensor *one, int format, int type, int count, int channels,
                                  int height, int width) {
  return set(one, false, format, type, count, channels, height, width);
}

Status cudnnCreateFilterDescriptor(Tensor **to) {
  Tensor *one = new Tensor;
  one->filter = true;
  return made(tensors, one, to);
}

Status cudnnDestroyFilterDescriptor(Tensor *one) { return destroy(tensors, one); }

Status cudnnSetFilter4dDescriptor(Tensor *one, int type, int format, int count, int channels,
                                  int height, int width) {
  return set(one, true, format, type, count, channels, height, width);
}

Status cudnnCreateConvolutionDescriptor(Convolution **to) {
  return made(convolutions, new Convolution, to);
}

Status cudnnDestroyConvolutionDescriptor(Convolution *one) { return destroy(convolutions, one); }

Status cudnnSetConvolution2dDescriptor(Convolution *one, int padDown, int padAcross, int strideDown,
                                       int strideAcross, int dilationDown, int dilationAcross,
                                       int mode, int type) {
  Lock lock(mutex);
  if (convolutions.count(one) == 0 || padDown < 0 || padAcross < 0 || strideDown < 1 ||
      strideAcross < 1 || dilationDown != 1 || dilationAcross != 1 || type != 0) {
    return invalid("there is no such convolution of floats, as nobody has tried");
  }
  if (mode != 1) {
    return invalid("a convolution turns its filter round");
  }
  one->known = true;
  one->padDown = padDown;
  one->padAcross = padAcross;
  one->strideDown = strideDown;
  one->strideAcross = strideAcross;
  return OK;
}

Status cudnnSetConvolutionMathType(Convolution *one, int math) {
  Lock lock(mutex);
  if (convolutions.count(one) == 0 || (math != 0 && math != 3)) {
    return invalid("numbers would be rounded to float16 on the way");
  }
  one->math = math;
  return OK;
}

Status cudnnGetConvolutionForwardWorkspaceSize(Handle *handle, Tensor *x, Tensor *w, Convolution *c,
                                               Tensor *y, int algorithm, size_t *bytes) {
  return size(handle, x, w, c, y, algorithm, 8, bytes);
}

Status cudnnGetConvolutionBackwardDataWorkspaceSize(Handle *handle, Tensor *w, Tensor *y,
                                                    Convolution *c, Tensor *x, int algorithm,
                                                    size_t *bytes) {
  return size(handle, x, w, c, y, algorithm, 6, bytes);
}

Status cudnnGetConvolutionBackwardFilterWorkspaceSize(Handle *handle, Tensor *x, Tensor *y,
                                                      Convolution *c, Tensor *w, int algorithm,
                                                      size_t *bytes) {
  return size(handle, x, w, c, y, algorithm, 7, bytes);
}

Status cudnnConvolutionForward(Handle *handle, const float *factor, Tensor *x, uint64_t atX,
                               Tensor *w, uint64_t atW, Convolution *c, int algorithm,
                               uint64_t workspace, size_t bytes, const float *beta, Tensor *y,
                               uint64_t atY) {
  Job job{FORWARD, 0, {}, {}, {}, {}, atX, atW, atY, workspace, bytes, false, *factor, *beta};
  return run(job, handle, x, w, c, y, algorithm, 8);
}

Status cudnnConvolutionBackwardData(Handle *handle, const float *factor, Tensor *w, uint64_t atW,
                                    Tensor *y, uint64_t atY, Convolution *c, int algorithm,
                                    uint64_t workspace, size_t bytes, const float *beta, Tensor *x,
                                    uint64_t atX) {
  bool atomic = algorithm == 0;
  Job job{INPUT_GRADIENT, 0,   {},        {},    {},     {},      atX,
          atW,            atY, workspace, bytes, atomic, *factor, *beta};
  return run(job, handle, x, w, c, y, algorithm, 6);
}

Status cudnnConvolutionBackwardFilter(Handle *handle, const float *factor, Tensor *x, uint64_t atX,
                                      Tensor *y, uint64_t atY, Convolution *c, int algorithm,
                                      uint64_t workspace, size_t bytes, const float *beta,
                                      Tensor *w, uint64_t atW) {
  bool atomic = algorithm == 0 || algorithm == 3;
  Job job{FILTER_GRADIENT, 0,   {},        {},    {},     {},      atX,
          atW,             atY, workspace, bytes, atomic, *factor, *beta};
  return run(job, handle, x, w, c, y, algorithm, 7);
}
}
