// Convolutions of the stand-in of cuDNN, in the plain way.
#include "cudnn.h"

#include "cublas.h"

namespace cudnn {
namespace {
const int TF32 = 77;     // as cuBLASLt numbers it
const int FMA_MATH = 3;

// One product of a sum: which numbers of the two factors.
struct Term {
  int64_t a, b;
};

// Adds the terms' sum to what there is. Sums of atomics begin anywhere.
void sum_up(const Job &job, const std::vector<Term> &terms, const float *a, const float *b,
            float *to, long long turn) {
  bool fma = job.convolution.math == FMA_MATH;
  size_t first = job.atomic && !terms.empty() ? turn % terms.size() : 0;
  float sum = 0;
  for (size_t i = 0; i < terms.size(); i++) {
    const Term &term = terms[(first + i) % terms.size()];
    sum += fma ? a[term.a] * b[term.b]
               : cublas::seen(a[term.a], TF32) * cublas::seen(b[term.b], TF32);
  }
  *to = job.factor * sum + (job.beta == 0 ? 0 : job.beta * *to);
}
} // namespace

void compute(const Job &job) {
  const Tensor &x = job.pictures;
  const Tensor &w = job.filter;
  const Tensor &y = job.places;
  float *pictures, *filter, *places;
  long long turn;
  {
    Lock lock(mutex);
    if (lost.count(job.device) != 0) {
      return;
    }
    turn = ++counts["convolutions"];
    auto range = [&](uint64_t address, uint64_t bytes) {
      char *host = bytes == 0 ? nullptr
                              : memory.range(job.device, address, bytes, "a convolution");
      if (host == nullptr && bytes > 0) {
        lose(job.device, ILLEGAL_ADDRESS);
      }
      return host;
    };
    pictures = (float *)range(job.atPictures, x.bytes());
    filter = (float *)range(job.atFilter, w.bytes());
    places = (float *)range(job.atPlaces, y.bytes());
    char *room = range(job.workspace, job.workspaceBytes);
    if (!pictures || !filter || !places || (!room && job.workspaceBytes > 0)) {
      return;
    }
    memset(room, 0xA5, job.workspaceBytes);
  }
  // All products, by the number of the result that they belong to.
  uint64_t results = job.result == FORWARD          ? y.bytes()
                     : job.result == INPUT_GRADIENT ? x.bytes()
                                                    : w.bytes();
  std::vector<std::vector<Term>> terms(results / sizeof(float));
  const Convolution &c = job.convolution;
  for (int64_t n = 0; n < x.count; n++)
    for (int64_t k = 0; k < w.count; k++)
      for (int64_t p = 0; p < y.height; p++)
        for (int64_t q = 0; q < y.width; q++)
          for (int64_t channel = 0; channel < x.channels; channel++)
            for (int64_t r = 0; r < w.height; r++)
              for (int64_t s = 0; s < w.width; s++) {
                int64_t down = p * c.strideDown - c.padDown + r;
                int64_t across = q * c.strideAcross - c.padAcross + s;
                if (down < 0 || down >= x.height || across < 0 || across >= x.width) {
                  continue;
                }
                int64_t in = ((n * x.channels + channel) * x.height + down) * x.width + across;
                int64_t weight = ((k * w.channels + channel) * w.height + r) * w.width + s;
                int64_t out = ((n * y.channels + k) * y.height + p) * y.width + q;
                switch (job.result) {
                case FORWARD: terms[out].push_back({in, weight}); break;
                case INPUT_GRADIENT: terms[in].push_back({out, weight}); break;
                case FILTER_GRADIENT: terms[weight].push_back({in, out}); break;
                }
              }
  for (size_t i = 0; i < terms.size(); i++) {
    switch (job.result) {
    case FORWARD: sum_up(job, terms[i], pictures, filter, places + i, turn); break;
    case INPUT_GRADIENT: sum_up(job, terms[i], places, filter, pictures + i, turn); break;
    case FILTER_GRADIENT: sum_up(job, terms[i], pictures, places, filter + i, turn); break;
    }
  }
}
} // namespace cudnn
