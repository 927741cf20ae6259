// Kernels whose threads take several numbers of an array, so that their loads are under way at once.
//
// Launch them with one thread for every SHARE numbers: a block has SHARE · LINE that follow each
// other, and a thread every LINE-th of those.
#pragma once

#include "kernels.h"

#define SHARE 4

// The place of this thread's k-th number.
DEVICE whole place_of(int k) {
  return ((whole)blockIdx.x * SHARE + k) * LINE + threadIdx.x;
}

// Computes to[i] = function(a[i]) for each i < count; `to` may be `a`.
template <typename Function>
DEVICE void each_of_one(const float *a, float *to, whole count, Function function) {
  float own[SHARE];
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      own[k] = a[place_of(k)];
    }
  }
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      to[place_of(k)] = function(own[k]);
    }
  }
}

// Computes to[i] = function(a[i], b[i]) for each i < count; `to` may be `a` or `b`.
template <typename Function>
DEVICE void each_of_two(
    const float *a, const float *b, float *to, whole count, Function function) {
  float first[SHARE];
  float second[SHARE];
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      first[k] = a[place_of(k)];
      second[k] = b[place_of(k)];
    }
  }
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      to[place_of(k)] = function(first[k], second[k]);
    }
  }
}
