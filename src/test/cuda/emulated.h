// What kernels.h asks of a compiler for the processor: the stand-in driver is built from the very
// files of kernels that nvcc compiles. Threads of a block run one after the other, from barrier to
// barrier; shared memory is that of the one system thread which runs the block.
#pragma once

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define KERNEL(name) static void name
#define DEVICE static inline
#define SHARED static thread_local
#define BARRIER() stand_in_barrier()

struct Extent {
  unsigned x, y, z;
};

// Where the thread that runs now lies in its grid, and those that it takes turns with.
struct Place {
  Extent thread, block, blocks, threads;
  void *runners;
};

extern __thread Place stand_in_place;
#define threadIdx stand_in_place.thread
#define blockIdx stand_in_place.block
#define blockDim stand_in_place.threads
#define gridDim stand_in_place.blocks

// Returns when all threads of the block have come here.
void stand_in_barrier();

static inline unsigned __float_as_uint(float number) {
  unsigned bits;
  memcpy(&bits, &number, sizeof bits);
  return bits;
}

static inline float __uint_as_float(unsigned bits) {
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

static inline int __float_as_int(float number) { return (int)__float_as_uint(number); }

static inline float __int_as_float(int bits) { return __uint_as_float((unsigned)bits); }
