// One step of the cells of recurrent layers and its gradients, one thread a unit of a row. The
// gates of a row lie side by side, each as wide as the row's outputs.
#include "functions.h"

KERNEL(lstm)(float *gates, const float *before, float *cells, float *squashed, float *output,
             whole count, whole width) {
  whole i = PLACE;
  if (i >= count) {
    return;
  }
  float *own = gates + i + 3 * width * quotient(i, width);
  float input = sigmoid(own[0]);
  float forget = sigmoid(own[width]);
  float shown = sigmoid(own[2 * width]);
  float candidate = tanhf(own[3 * width]);
  float cell = input * candidate;
  if (before != nullptr) {
    cell += forget * before[i];
  }
  float flat = tanhf(cell);
  own[0] = input;
  own[width] = forget;
  own[2 * width] = shown;
  own[3 * width] = candidate;
  cells[i] = cell;
  squashed[i] = flat;
  output[i] = shown * flat;
}

KERNEL(lstm_gradient)(const float *gates, const float *before, const float *squashed,
                      const float *output_gradient, float *cell_gradient, float *gate_gradient,
                      whole count, whole width) {
  whole i = PLACE;
  if (i >= count) {
    return;
  }
  whole first = i + 3 * width * quotient(i, width);
  const float *own = gates + first;
  float *result = gate_gradient + first;
  float input = own[0];
  float forget = own[width];
  float shown = own[2 * width];
  float candidate = own[3 * width];
  float flat = squashed[i];
  float wanted = output_gradient[i];
  float cell = cell_gradient[i] + slope_of_tanh(flat) * wanted * shown;
  result[0] = slope_of_sigmoid(input) * candidate * cell;
  result[width] = before == nullptr ? 0 : slope_of_sigmoid(forget) * before[i] * cell;
  result[2 * width] = slope_of_sigmoid(shown) * flat * wanted;
  result[3 * width] = slope_of_tanh(candidate) * input * cell;
  cell_gradient[i] = cell * forget;
}

KERNEL(gru)(float *gates, const float *states, const float *before, float *output, whole count,
            whole width) {
  whole i = PLACE;
  if (i >= count) {
    return;
  }
  whole first = i + 2 * width * quotient(i, width);
  float *own = gates + first;
  const float *fed = states + first;
  float reset = sigmoid(own[0] + fed[0]);
  float update = sigmoid(own[width] + fed[width]);
  float candidate = tanhf(own[2 * width] + reset * fed[2 * width]);
  float last = before == nullptr ? 0 : before[i];
  own[0] = reset;
  own[width] = update;
  own[2 * width] = candidate;
  output[i] = candidate + update * (last - candidate);
}

KERNEL(gru_gradient)(const float *gates, const float *states, const float *before,
                     const float *output_gradient, float *from_inputs, float *from_states,
                     float *before_gradient, whole count, whole width) {
  whole i = PLACE;
  if (i >= count) {
    return;
  }
  whole first = i + 2 * width * quotient(i, width);
  float reset = gates[first];
  float update = gates[first + width];
  float candidate = gates[first + 2 * width];
  float fed = states[first + 2 * width];
  float last = before == nullptr ? 0 : before[i];
  float wanted = output_gradient[i];
  float of_update = slope_of_sigmoid(update) * (last - candidate) * wanted;
  float of_candidate = slope_of_tanh(candidate) * (1 - update) * wanted;
  float of_reset = slope_of_sigmoid(reset) * of_candidate * fed;
  from_inputs[first] = of_reset;
  from_states[first] = of_reset;
  from_inputs[first + width] = of_update;
  from_states[first + width] = of_update;
  from_inputs[first + 2 * width] = of_candidate;
  from_states[first + 2 * width] = of_candidate * reset;
  before_gradient[i] = wanted * update;
}
