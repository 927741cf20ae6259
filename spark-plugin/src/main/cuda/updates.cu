// Optimizer steps and clipping by value: see io.penstock.compute.Updates. One thread a number.
#include "kernels.h"

KERNEL(sgd_step)(const float *gradient, float *weights, float rate, whole count) {
  if (PLACE < count) {
    weights[PLACE] -= rate * gradient[PLACE];
  }
}

KERNEL(nesterovs_step)(
    const float *gradient,
    float *velocity,
    float *weights,
    float rate,
    float momentum,
    whole count) {
  if (PLACE < count) {
    float before = velocity[PLACE];
    float after = momentum * before - rate * gradient[PLACE];
    velocity[PLACE] = after;
    weights[PLACE] += (1.0f + momentum) * after - momentum * before;
  }
}

// A moment of the gradient: what was decays, the rest of 1 is new.
DEVICE float moment(float *all, float decay, float rest, float now) {
  float after = decay * all[PLACE] + rest * now;
  all[PLACE] = after;
  return after;
}

DEVICE void take(float *weights, float rate, float first, float second, float epsilon) {
  weights[PLACE] -= rate * first / (sqrtf(second) + epsilon);
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
  if (PLACE < count) {
    float g = gradient[PLACE];
    float first = moment(firsts, beta1, rest1, g);
    float second = moment(seconds, beta2, rest2, g * g);
    take(weights, rate, first, second, epsilon);
  }
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
  if (PLACE < count) {
    float g = gradient[PLACE];
    float first = moment(firsts, beta1, rest1, g);
    float second = moment(seconds, beta2, rest2, g * g);
    float largest = largests[PLACE];
    if (!(largest >= second)) { // what is not a number stays so
      largest = second;
      largests[PLACE] = largest;
    }
    take(weights, rate, first, largest, epsilon);
  }
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
  if (PLACE < count) {
    float g = gradient[PLACE];
    float first = moment(firsts, beta1, rest1, g);
    float second = moment(seconds, beta2, rest2, g * g);
    take(weights, rate, beta1 * first + rest1 * g, second, epsilon);
  }
}

// Cuts every number to -limit to limit; what is not a number stays so.
KERNEL(clip_numbers)(float *numbers, float limit, whole count) {
  if (PLACE < count) {
    float own = numbers[PLACE];
    if (own > limit) {
      numbers[PLACE] = limit;
    } else if (own < -limit) {
      numbers[PLACE] = -limit;
    }
  }
}
