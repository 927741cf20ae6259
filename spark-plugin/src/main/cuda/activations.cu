// Activation functions and their gradients, one thread a number; the softmax of rows and what
// attention masks, one team of threads a row.
#include "functions.h"
#include "powers.h"

// √(1/2), 1/√(2π) and √(2/π).
#define ROOT_OF_HALF 0.70710678118654752f
#define PEAK_OF_NORMAL 0.39894228040143268f
#define GELU_A 0.79788456080286536f
#define GELU_B 0.044715f
#define GELU_C 1.702f

// A value is the function's of x. A slope is its derivative: of y where it follows from the
// forward's output, of x elsewhere.
DEVICE float value_of_relu(float x) { return x < 0 ? 0 : x; }
DEVICE float slope_of_relu(float y) { return y > 0 ? 1 : 0; }

DEVICE float value_of_leaky_relu(float x) { return x < 0 ? 0.01f * x : x; }
DEVICE float slope_of_leaky_relu(float y) { return y < 0 ? 0.01f : 1; }

DEVICE float value_of_elu(float x) { return x < 0 ? expm1f(x) : x; }
DEVICE float slope_of_elu(float y) { return y < 0 ? y + 1 : 1; }

DEVICE float below(float x) { return 0.5f * (1 + erff(x * ROOT_OF_HALF)); }
DEVICE float value_of_gelu(float x) { return x * below(x); }
DEVICE float slope_of_gelu(float x) {
  return below(x) + x * PEAK_OF_NORMAL * expf(-0.5f * x * x);
}

DEVICE float bent(float x) { return tanhf(GELU_A * x * (1 + GELU_B * x * x)); }
DEVICE float value_of_gelu_tanh(float x) { return 0.5f * x * (1 + bent(x)); }
DEVICE float slope_of_gelu_tanh(float x) {
  float t = bent(x);
  return 0.5f * (1 + t + slope_of_tanh(t) * x * GELU_A * (1 + 3 * GELU_B * x * x));
}

DEVICE float value_of_gelu_sigmoid(float x) { return x * sigmoid(GELU_C * x); }
DEVICE float slope_of_gelu_sigmoid(float x) {
  float s = sigmoid(GELU_C * x);
  return s * (1 + GELU_C * x * (1 - s));
}

DEVICE float value_of_swish(float x) { return x * sigmoid(x); }
DEVICE float slope_of_swish(float x) {
  float s = sigmoid(x);
  return s * (1 + x * (1 - s));
}

// In a form that does not overflow.
DEVICE float value_of_softplus(float x) { return fmaxf(x, 0) + log1pf(expf(-fabsf(x))); }
DEVICE float slope_of_softplus(float y) { return -expm1f(-y); }

DEVICE float value_of_sigmoid(float x) { return sigmoid(x); }

DEVICE float value_of_tanh(float x) { return tanhf(x); }

#define VALUES const float *input, float *output, whole count
#define SLOPES const float *kept, const float *from, float *to, whole count
#define EACH                                                                                       \
  whole i = PLACE;                                                                                 \
  if (i < count)

KERNEL(forward_relu)(VALUES) { EACH output[i] = value_of_relu(input[i]); }
KERNEL(forward_leaky_relu)(VALUES) { EACH output[i] = value_of_leaky_relu(input[i]); }
KERNEL(forward_elu)(VALUES) { EACH output[i] = value_of_elu(input[i]); }
KERNEL(forward_gelu)(VALUES) { EACH output[i] = value_of_gelu(input[i]); }
KERNEL(forward_gelu_tanh)(VALUES) { EACH output[i] = value_of_gelu_tanh(input[i]); }
KERNEL(forward_gelu_sigmoid)(VALUES) { EACH output[i] = value_of_gelu_sigmoid(input[i]); }
KERNEL(forward_swish)(VALUES) { EACH output[i] = value_of_swish(input[i]); }
KERNEL(forward_softplus)(VALUES) { EACH output[i] = value_of_softplus(input[i]); }
KERNEL(forward_sigmoid)(VALUES) { EACH output[i] = value_of_sigmoid(input[i]); }
KERNEL(forward_tanh)(VALUES) { EACH output[i] = value_of_tanh(input[i]); }

KERNEL(backward_relu)(SLOPES) { EACH to[i] = from[i] * slope_of_relu(kept[i]); }
KERNEL(backward_leaky_relu)(SLOPES) { EACH to[i] = from[i] * slope_of_leaky_relu(kept[i]); }
KERNEL(backward_elu)(SLOPES) { EACH to[i] = from[i] * slope_of_elu(kept[i]); }
KERNEL(backward_gelu)(SLOPES) { EACH to[i] = from[i] * slope_of_gelu(kept[i]); }
KERNEL(backward_gelu_tanh)(SLOPES) { EACH to[i] = from[i] * slope_of_gelu_tanh(kept[i]); }
KERNEL(backward_gelu_sigmoid)(SLOPES) { EACH to[i] = from[i] * slope_of_gelu_sigmoid(kept[i]); }
KERNEL(backward_swish)(SLOPES) { EACH to[i] = from[i] * slope_of_swish(kept[i]); }
KERNEL(backward_softplus)(SLOPES) { EACH to[i] = from[i] * slope_of_softplus(kept[i]); }
KERNEL(backward_sigmoid)(SLOPES) { EACH to[i] = from[i] * slope_of_sigmoid(kept[i]); }
KERNEL(backward_tanh)(SLOPES) { EACH to[i] = from[i] * slope_of_tanh(kept[i]); }

KERNEL(softmax)(float *numbers, whole rows, whole width, int team) {
  SHARED float room[LARGEST_TEAM];
  whole row = TEAM_ROW(team);
  float *own = numbers + row * width;
  whole end = row < rows ? width : 0;
  Powers<float> powers = no_powers<float>();
  for (whole i = TEAM_PLACE(team); i < end; i += team) {
    take(powers, own[i]);
  }
  powers = of_team(powers, room, room, team);
  float share = 1 / powers.sum;
  for (whole i = TEAM_PLACE(team); i < end; i += team) {
    own[i] = expf(own[i] - powers.largest) * share;
  }
}

KERNEL(softmax_gradient)(const float *output, float *gradient, whole rows, whole width, int team) {
  SHARED float room[LARGEST_TEAM];
  whole row = TEAM_ROW(team);
  const float *shares = output + row * width;
  float *own = gradient + row * width;
  whole end = row < rows ? width : 0;
  float mean = 0;
  for (whole i = TEAM_PLACE(team); i < end; i += team) {
    mean += own[i] * shares[i];
  }
  mean = sum_of_team(mean, room, team);
  for (whole i = TEAM_PLACE(team); i < end; i += team) {
    own[i] = (own[i] - mean) * shares[i];
  }
}

// Of squares that lie one after the other: lines are those of all.
KERNEL(add_above_diagonal)(float *squares, whole lines, whole length, float value, int team) {
  whole line = TEAM_ROW(team);
  if (line >= lines) {
    return;
  }
  float *own = squares + line * length;
  for (whole i = line % length + 1 + TEAM_PLACE(team); i < length; i += team) {
    own[i] += value;
  }
}
