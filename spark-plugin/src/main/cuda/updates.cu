// Optimizer steps and clipping by value: see io.penstock.compute.Updates. One thread for every SHARE
// numbers; all that a thread reads is fetched before it writes.
#include "numbers.h"

KERNEL(sgd_step)(const float *gradient, float *weights, float rate, whole count) {
  each_of_two(
      gradient, weights, weights, count, [=](float g, float w) { return w - rate * g; });
}

KERNEL(nesterovs_step)(
    const float *gradient,
    float *velocity,
    float *weights,
    float rate,
    float momentum,
    whole count) {
  float g[SHARE];
  float v[SHARE];
  float w[SHARE];
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      g[k] = gradient[place_of(k)];
      v[k] = velocity[place_of(k)];
      w[k] = weights[place_of(k)];
    }
  }
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      float after = momentum * v[k] - rate * g[k];
      velocity[place_of(k)] = after;
      weights[place_of(k)] = w[k] + ((1.0f + momentum) * after - momentum * v[k]);
    }
  }
}

// Takes a step by two moments of the gradient. `largests` are the largest second moments, to divide
// by in place of the second; null but for AMSGrad. `dividend` returns what to divide, of the new
// first moment and the gradient.
template <typename Dividend>
DEVICE void step_by_moments(
    const float *gradient,
    float *firsts,
    float *seconds,
    float *largests,
    float *weights,
    float rate,
    float beta1,
    float rest1,
    float beta2,
    float rest2,
    float epsilon,
    whole count,
    Dividend dividend) {
  float g[SHARE];
  float m[SHARE];
  float v[SHARE];
  float h[SHARE];
  float w[SHARE];
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      g[k] = gradient[place_of(k)];
      m[k] = firsts[place_of(k)];
      v[k] = seconds[place_of(k)];
      h[k] = largests == nullptr ? 0 : largests[place_of(k)];
      w[k] = weights[place_of(k)];
    }
  }
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      float first = beta1 * m[k] + rest1 * g[k];
      float second = beta2 * v[k] + rest2 * (g[k] * g[k]);
      firsts[place_of(k)] = first;
      seconds[place_of(k)] = second;
      float divisor = second;
      if (largests != nullptr) {
        divisor = h[k] >= second ? h[k] : second; // what is not a number stays so
        largests[place_of(k)] = divisor;
      }
      weights[place_of(k)] = w[k] - rate * dividend(first, g[k]) / (sqrtf(divisor) + epsilon);
    }
  }
}

KERNEL(adam_step)(
    const float *gradient,
    float *firsts,
    float *seconds,
    float *weights,
    float rate,
    float beta1,
    float rest1,
    float beta2,
    float rest2,
    float epsilon,
    whole count) {
  step_by_moments(
      gradient, firsts, seconds, nullptr, weights, rate, beta1, rest1, beta2, rest2, epsilon, count,
      [](float first, float) { return first; });
}

KERNEL(amsgrad_step)(
    const float *gradient,
    float *firsts,
    float *seconds,
    float *largests,
    float *weights,
    float rate,
    float beta1,
    float rest1,
    float beta2,
    float rest2,
    float epsilon,
    whole count) {
  step_by_moments(
      gradient, firsts, seconds, largests, weights, rate, beta1, rest1, beta2, rest2, epsilon, count,
      [](float first, float) { return first; });
}

KERNEL(nadam_step)(
    const float *gradient,
    float *firsts,
    float *seconds,
    float *weights,
    float rate,
    float beta1,
    float rest1,
    float beta2,
    float rest2,
    float epsilon,
    whole count) {
  step_by_moments(
      gradient, firsts, seconds, nullptr, weights, rate, beta1, rest1, beta2, rest2, epsilon, count,
      [=](float first, float g) { return beta1 * first + rest1 * g; });
}

// Cuts every number to -limit to limit; what is not a number stays so.
KERNEL(clip_numbers)(float *numbers, float limit, whole count) {
  each_of_one(numbers, numbers, count, [=](float x) {
    return x > limit ? limit : x < -limit ? -limit : x;
  });
}
