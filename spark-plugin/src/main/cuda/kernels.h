// What every kernel file begins with.
//
// A kernel is `KERNEL(name)(parameters) { ... }`. Parameters are float *, const float *, const int *,
// long long (sizes, counts, places), int (flags), float and double. Kernels are launched with one
// thread a number (PLACE) or one block a row, and use neither atomics nor the instructions of one
// warp: the order of every sum follows from the shapes alone. Shared memory is SHARED, of a size
// known when it is compiled; all threads of a block reach every BARRIER.
#pragma once

#ifdef __CUDACC__
#define KERNEL(name) extern "C" __global__ void name
#define DEVICE static __device__ __forceinline__
#define SHARED __shared__
#define BARRIER() __syncthreads()
#else
#include "emulated.h"
#endif

typedef long long whole;

// This thread's number over all blocks, where a thread has a number of an array.
#define PLACE ((whole)blockIdx.x * blockDim.x + threadIdx.x)
// Threads of a block that add up one row, or one sum.
#define LINE 256

// Adds up what each of the LINE threads of a block has, in a fixed order; every thread gets the sum.
// `room` is SHARED and of LINE numbers; it may be used again after the call.
template <typename T> DEVICE T sum_of_block(T own, T *room) {
  room[threadIdx.x] = own;
  BARRIER();
  for (int half = LINE / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) {
      room[threadIdx.x] += room[threadIdx.x + half];
    }
    BARRIER();
  }
  T sum = room[0];
  BARRIER();
  return sum;
}

// The largest of what each of the LINE threads of a block has; every thread gets it.
template <typename T> DEVICE T largest_of_block(T own, T *room) {
  room[threadIdx.x] = own;
  BARRIER();
  for (int half = LINE / 2; half > 0; half /= 2) {
    if (threadIdx.x < half && room[threadIdx.x + half] > room[threadIdx.x]) {
      room[threadIdx.x] = room[threadIdx.x + half];
    }
    BARRIER();
  }
  T largest = room[0];
  BARRIER();
  return largest;
}
