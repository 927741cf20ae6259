// What the files of cuDNN's stand-in share.
#pragma once

#include "driver.h"

namespace cudnn {
// cudnnStatus_t of cuDNN 9.
enum Status {
  OK = 0,
  NOT_READY_YET = 1001,
  BAD_PARAM = 2000,
  BAD_SIZE = 2006,
  UNSUPPORTED = 3000,
  FAILED = 5000
};

// Of pictures or places: [count, channels, height, width], or of a filter.
struct Tensor {
  bool filter = false;
  int64_t count = 0, channels = 0, height = 0, width = 0;

  uint64_t bytes() const { return count * channels * height * width * sizeof(float); }
};

struct Convolution {
  bool known = false;
  int padDown = 0, padAcross = 0, strideDown = 0, strideAcross = 0;
  int math = 0; // CUDNN_DEFAULT_MATH: what a descriptor has that is told nothing
};

enum Result { FORWARD, INPUT_GRADIENT, FILTER_GRADIENT };

// A convolution or a gradient of one that was asked for.
struct Job {
  Result result;
  int device;
  Tensor pictures, filter, places;
  Convolution convolution;
  uint64_t atPictures, atFilter, atPlaces, workspace, workspaceBytes;
  bool atomic; // whether it adds up in an order of chance
  float factor, beta;
};

// Computes it, on the device's memory.
void compute(const Job &job);
} // namespace cudnn
