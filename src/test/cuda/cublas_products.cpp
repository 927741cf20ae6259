// Products of the stand-in of cuBLASLt, in the plain way.
#include "cublas.h"

namespace cublas {
float seen(float number, int computeType) {
  if (computeType == 68 || number != number || isinf(number)) {
    return number;
  }
  int lost = computeType == 77 ? 13 : 16; // bits that TF32 and bfloat16 drop
  uint32_t bits = __float_as_uint(number);
  uint32_t half = 1u << (lost - 1);
  bits += half - 1 + ((bits >> lost) & 1);
  return __uint_as_float(bits >> lost << lost);
}

namespace {
uint64_t bytes(const Layout &one) {
  return ((one.columns - 1) * one.leading + one.rows) * sizeof(float);
}
} // namespace

void compute(const Job &job) {
  std::vector<const float *> as, bs;
  std::vector<float *> cs;
  const float *bias = nullptr;
  long long turn;
  {
    Lock lock(mutex);
    if (lost.count(job.device) != 0) {
      return;
    }
    turn = ++counts["products"];
    auto range = [&](uint64_t address, uint64_t size) {
      char *host = memory.range(job.device, address, size, "a product");
      if (host == nullptr) {
        lose(job.device, ILLEGAL_ADDRESS);
      }
      return host;
    };
    for (int n = 0; n < job.c.count; n++) {
      as.push_back((const float *)range(job.atA + n * job.a.step * 4, bytes(job.a)));
      bs.push_back((const float *)range(job.atB + n * job.b.step * 4, bytes(job.b)));
      cs.push_back((float *)range(job.atC + n * job.c.step * 4, bytes(job.c)));
      if (!as.back() || !bs.back() || !cs.back()) {
        return;
      }
    }
    if (job.d.epilogue == 4) {
      bias = (const float *)range(job.d.bias, job.c.rows * sizeof(float));
      if (!bias) {
        return;
      }
    }
    if (job.algorithm.workspace > 0) {
      char *room = range(job.workspace, job.algorithm.workspace);
      if (!room) {
        return;
      }
      memset(room, 0xA5, job.algorithm.workspace);
    }
  }
  int64_t inner = job.d.transposeA ? job.a.rows : job.a.columns;
  int64_t stepA = job.d.transposeA ? 1 : job.a.leading;
  int64_t lineA = job.d.transposeA ? job.a.leading : 1;
  int64_t stepB = job.d.transposeB ? job.b.leading : 1;
  int64_t lineB = job.d.transposeB ? 1 : job.b.leading;
  int64_t first = job.algorithm.inPlace ? turn % inner : 0;
  for (int n = 0; n < job.c.count; n++) {
    for (uint64_t j = 0; j < job.c.columns; j++) {
      for (uint64_t i = 0; i < job.c.rows; i++) {
        float sum = 0;
        for (int64_t at = 0; at < inner; at++) {
          int64_t k = (first + at) % inner;
          sum += seen(as[n][i * lineA + k * stepA], job.d.computeType) *
                 seen(bs[n][k * stepB + j * lineB], job.d.computeType);
        }
        float *to = cs[n] + j * job.c.leading + i;
        float number = job.factor * sum + (job.beta == 0 ? 0 : job.beta * *to);
        *to = bias ? number + bias[i] : number;
      }
    }
  }
}
} // namespace cublas
