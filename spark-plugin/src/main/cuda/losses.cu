// Softmax cross-entropy, of all classes at once or block by block, and losses of numbers; one team
// of threads a row. Sums are double precision; where one is stored, two floats hold it: what a float
// has of it, then the rest.
#include "powers.h"

DEVICE void put(double number, float *two) {
  two[0] = (float)number;
  two[1] = two[0] - two[0] == 0 ? (float)(number - two[0]) : 0;
}

DEVICE double got(const float *two) { return (double)two[0] + two[1]; }

// A row of a label below 0 counts nothing. There may be no gradient.
KERNEL(softmax_cross_entropy)(const float *logits, const int *labels, const float *weights,
                              float *gradient, float *losses, whole rows, whole classes,
                              double smoothing, double scale, int team) {
  SHARED float room[LARGEST_TEAM];
  SHARED double sums[LARGEST_TEAM];
  whole row = TEAM_ROW(team);
  int place = TEAM_PLACE(team);
  int label = row < rows ? labels[row] : -1;
  double weight = label < 0 ? 0 : weights[row];
  const float *own = logits + row * classes;
  Powers<double> powers = no_powers<double>();
  double total = 0;
  for (whole i = place; i < classes && label >= 0; i += team) {
    float number = own[i];
    take(powers, number);
    if (smoothing > 0) {
      total += number;
    }
  }
  powers = of_team(powers, room, sums, team);
  if (smoothing > 0) {
    total = sum_of_team(total, sums, team);
  }
  if (row >= rows) {
    return;
  }
  if (place == 0) {
    double loss = 0;
    if (label >= 0) {
      double wanted = own[label];
      if (smoothing > 0) {
        wanted = (1 - smoothing) * wanted + smoothing * (total / classes);
      }
      loss = weight * (log(powers.sum) + powers.largest - wanted);
    }
    put(loss, losses + 2 * row);
  }
  if (gradient == nullptr) {
    return;
  }
  float *result = gradient + row * classes;
  float factor = (float)(scale * weight);
  float share = (float)(1 / powers.sum);
  float rest = (float)(smoothing / classes);
  float hit = (float)(1 - smoothing + smoothing / classes);
  for (whole i = place; i < classes; i += team) {
    result[i] = label < 0 ? 0
                          : factor * (expf(own[i] - powers.largest) * share -
                                      (i == label ? hit : rest));
  }
}

// How an output is compared with the number that is wanted of it, as Losses.Difference has them.
enum { SQUARED, ABSOLUTE, HUBER, SIGMOID };

DEVICE double loss_of(int difference, double parameter, double output, double label) {
  double distance = output - label;
  double size = fabs(distance);
  switch (difference) {
    case SQUARED:
      return distance * distance;
    case ABSOLUTE:
      return size;
    case HUBER:
      return size <= parameter ? size * size / 2 : parameter * (size - parameter / 2);
    default:
      return fmax(output, 0.0) - label * output + log1p(exp(-fabs(output)));
  }
}

DEVICE double slope_of(int difference, double parameter, double output, double label) {
  double distance = output - label;
  switch (difference) {
    case SQUARED:
      return 2 * distance;
    case ABSOLUTE:
      return distance > 0 ? 1 : distance < 0 ? -1 : distance;
    case HUBER:
      return fabs(distance) > parameter ? copysign(parameter, distance) : distance;
    default: {
      double power = exp(-fabs(output));
      return (output >= 0 ? 1 : power) / (1 + power) - label;
    }
  }
}

// Sums over a row's outputs; what is made of them is divided by their number in the end. There may
// be no gradient.
KERNEL(number_loss)(const float *outputs, const float *labels, const float *weights,
                    float *gradient, float *losses, whole rows, whole width, int difference,
                    double parameter, double scale, int team) {
  SHARED double sums[LARGEST_TEAM];
  whole row = TEAM_ROW(team);
  whole end = row < rows ? width : 0;
  double weight = row < rows ? weights[row] : 0;
  double factor = scale * weight / width;
  double loss = 0;
  for (whole i = TEAM_PLACE(team); i < end; i += team) {
    double output = outputs[row * width + i];
    double label = labels[row * width + i];
    loss += loss_of(difference, parameter, output, label);
    if (gradient != nullptr) {
      gradient[row * width + i] = (float)(factor * slope_of(difference, parameter, output, label));
    }
  }
  loss = sum_of_team(loss, sums, team);
  if (row < rows && TEAM_PLACE(team) == 0) {
    put(weight * loss, losses + 2 * row);
  }
}

// Adds up what stands in two floats each; for one block of LARGEST_TEAM threads.
KERNEL(sum_of_losses)(const float *losses, float *sum, whole count) {
  SHARED double room[LARGEST_TEAM];
  double own = 0;
  for (whole i = threadIdx.x; i < count; i += LARGEST_TEAM) {
    own += got(losses + 2 * i);
  }
  own = sum_of_team(own, room, LARGEST_TEAM);
  if (threadIdx.x == 0) {
    put(own, sum);
  }
}

// The numbers of a row's state, as SoftmaxBlock has them.
enum { MAX, SUM, LABEL, TOTAL, BEST, STATE };

KERNEL(take_block)(float *logits, const int *labels, const float *before, float *after,
                   float *shares, whole rows, whole columns, whole first, int team) {
  SHARED float room[LARGEST_TEAM];
  SHARED double sums[LARGEST_TEAM];
  whole row = TEAM_ROW(team);
  int place = TEAM_PLACE(team);
  whole end = row < rows ? columns : 0;
  float *own = logits + row * columns;
  int label = row < rows ? labels[row] : -1;
  // Before others overwrite it.
  float of_label = place == 0 && label >= 0 ? own[label] : 0;
  Powers<double> powers = no_powers<double>();
  double total = 0;
  whole best = place;
  for (whole i = place; i < end; i += team) {
    float number = own[i];
    if (number > powers.largest) {
      best = i;
    }
    take(powers, number);
    total += number;
  }
  float largest = powers.largest;
  powers = of_team(powers, room, sums, team);
  total = sum_of_team(total, sums, team);
  // Of equals the first: the least column of a thread that has the largest.
  bool has = largest == powers.largest && place < end;
  float least = -largest_of_team(has ? -(float)best : -INFINITY, room, team);
  if (row >= rows) {
    return;
  }
  if (place == 0) {
    const float *state = before == nullptr ? nullptr : before + row * STATE;
    float *result = after + row * STATE;
    bool later = state != nullptr && state[MAX] >= powers.largest;
    float max = later ? state[MAX] : powers.largest;
    double share = powers.sum * exp((double)powers.largest - max);
    double earlier = state == nullptr ? 0 : state[SUM] * exp((double)state[MAX] - max);
    result[MAX] = max;
    result[SUM] = (float)(earlier + share);
    result[LABEL] = (state == nullptr ? 0 : state[LABEL]) + of_label;
    result[TOTAL] = (float)((state == nullptr ? 0 : state[TOTAL]) + total);
    result[BEST] = later ? state[BEST] : first + least;
    shares[row] = (float)share;
  }
  float share = (float)(1 / powers.sum);
  for (whole i = place; i < end; i += team) {
    own[i] = expf(own[i] - powers.largest) * share;
  }
}

// The first block has neither a state before it nor the gradient of one.
KERNEL(block_gradient)(const float *softmax, const int *labels, const float *before,
                       const float *after, const float *shares, const float *state_gradient,
                       float *gradient, float *before_gradient, whole rows, whole columns,
                       int team) {
  whole row = TEAM_ROW(team);
  if (row >= rows) {
    return;
  }
  const float *wanted = state_gradient + row * STATE;
  const float *own = softmax + row * columns;
  float *result = gradient + row * columns;
  int label = labels[row];
  float factor = wanted[SUM] * shares[row];
  for (whole i = TEAM_PLACE(team); i < columns; i += team) {
    result[i] = factor * own[i] + wanted[TOTAL] + (i == label ? wanted[LABEL] : 0);
  }
  if (before_gradient != nullptr && TEAM_PLACE(team) == 0) {
    float *back = before_gradient + row * STATE;
    double decay = exp((double)before[row * STATE + MAX] - after[row * STATE + MAX]);
    back[MAX] = 0;
    back[SUM] = (float)(wanted[SUM] * decay);
    back[LABEL] = wanted[LABEL];
    back[TOTAL] = wanted[TOTAL];
    back[BEST] = 0;
  }
}

// Softmax cross-entropy of the states that the last block left. One thread a row; there may be no
// gradient.
KERNEL(state_cross_entropy)(const float *states, const int *labels, const float *weights,
                            float *gradient, float *losses, whole rows, whole classes,
                            double smoothing, double scale) {
  whole row = PLACE;
  if (row >= rows) {
    return;
  }
  const float *state = states + row * STATE;
  double weight = labels[row] < 0 ? 0 : weights[row];
  double loss = 0;
  if (labels[row] >= 0) {
    double wanted = state[LABEL];
    if (smoothing != 0) {
      wanted = (1 - smoothing) * wanted + smoothing * ((double)state[TOTAL] / classes);
    }
    loss = weight * (log((double)state[SUM]) + state[MAX] - wanted);
  }
  put(loss, losses + 2 * row);
  if (gradient != nullptr) {
    float *result = gradient + row * STATE;
    double own = scale * weight;
    result[MAX] = 0; // it cancels out, so that blocks take it for a constant
    result[SUM] = (float)(own / state[SUM]);
    result[LABEL] = (float)(-own * (1 - smoothing));
    result[TOTAL] = (float)(-own * smoothing / classes);
    result[BEST] = 0;
  }
}
