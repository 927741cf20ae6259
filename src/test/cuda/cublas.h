// What the files of cuBLASLt's stand-in share.
#pragma once

#include "driver.h"

namespace cublas {
enum Status { OK = 0, NOT_READY_YET = 1, INVALID = 7, FAILED = 13, UNSUPPORTED = 15 };

const int FLOAT_TYPE = 0;
const uint64_t MAGIC = 0x70656e73746f636b;
const uint64_t WORKSPACE_NEEDED = 4096;

struct Layout {
  uint64_t rows, columns;
  int64_t leading;
  int32_t count = 1;
  int64_t step = 0;

  bool operator==(const Layout &other) const {
    return rows == other.rows && columns == other.columns && leading == other.leading &&
           count == other.count && step == other.step;
  }
};

struct Description {
  int computeType;
  int32_t transposeA = 0;
  int32_t transposeB = 0;
  uint32_t epilogue = 1;
  uint64_t bias = 0;
};

struct Preference {
  uint64_t workspace = 0;
  uint32_t reductions = 7;
  uint32_t alignments[4] = {256, 256, 256, 256};
};

// What cublasLtMatmulAlgo_t holds here: 8 numbers of 64 bits.
struct Algorithm {
  uint64_t magic;
  uint64_t shape;
  uint64_t workspace;
  uint32_t alignments[4];
  uint64_t inPlace;
  uint64_t unused[2];
};
static_assert(sizeof(Algorithm) == 64, "as cublasLtMatmulAlgo_t");

struct Choice {
  Algorithm algorithm;
  uint64_t workspace;
  int32_t state;
  float waves;
  int32_t reserved[4];
};
static_assert(sizeof(Choice) == 96, "as cublasLtMatmulHeuristicResult_t");

// A product that was asked for.
struct Job {
  int device;
  Description d;
  Layout a, b, c;
  uint64_t atA, atB, atC, workspace;
  Algorithm algorithm;
  float factor, beta;
};

// A number as tensor cores see it, for a cublasComputeType_t.
float seen(float number, int computeType);
// Computes it, on the device's memory.
void compute(const Job &job);
} // namespace cublas
