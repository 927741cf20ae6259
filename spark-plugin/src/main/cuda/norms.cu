// Layer normalisation, one team of threads a row, and batch normalisation of channels; sums over
// all rows in two stages: see sums.h.
#include "functions.h"
#include "sums.h"
#include "teams.h"

DEVICE float factor_of(float variance, float epsilon) { return 1 / sqrtf(variance + epsilon); }

KERNEL(layer_norm)(const float *input, const float *scale, const float *shift, float *mean,
                   float *variance, float *output, whole rows, whole width, float epsilon,
                   int team) {
  SHARED float room[LARGEST_TEAM];
  whole row = TEAM_ROW(team);
  int place = TEAM_PLACE(team);
  whole end = row < rows ? width : 0;
  const float *own = input + row * width;
  float *result = output + row * width;
  float sum = 0;
  for (whole i = place; i < end; i += team) {
    sum += own[i];
  }
  float middle = sum_of_team(sum, room, team) / width;
  float squares = 0;
  for (whole i = place; i < end; i += team) {
    float distance = own[i] - middle;
    squares += distance * distance;
  }
  float spread = sum_of_team(squares, room, team) / width;
  float factor = factor_of(spread, epsilon);
  for (whole i = place; i < end; i += team) {
    result[i] = (own[i] - middle) * factor * scale[i] + shift[i];
  }
  if (end > 0 && place == 0) {
    mean[row] = middle;
    variance[row] = spread;
  }
}

// Leaves each row's factor for what adds up the gradients of the scale.
KERNEL(layer_norm_gradient)(const float *input, const float *scale, const float *mean,
                            const float *variance, const float *output_gradient,
                            float *input_gradient, float *factors, whole rows, whole width,
                            float epsilon, int team) {
  SHARED float room[LARGEST_TEAM];
  whole row = TEAM_ROW(team);
  int place = TEAM_PLACE(team);
  whole end = row < rows ? width : 0;
  const float *own = input + row * width;
  const float *wanted = output_gradient + row * width;
  float *result = input_gradient + row * width;
  float middle = end > 0 ? mean[row] : 0;
  float factor = end > 0 ? factor_of(variance[row], epsilon) : 0;
  float level = 0;
  float along = 0;
  for (whole i = place; i < end; i += team) {
    float scaled = wanted[i] * scale[i];
    level += scaled;
    along += scaled * ((own[i] - middle) * factor);
  }
  level = sum_of_team(level, room, team) / width;
  along = sum_of_team(along, room, team) / width;
  for (whole i = place; i < end; i += team) {
    float normal = (own[i] - middle) * factor;
    result[i] = (wanted[i] * scale[i] - level - normal * along) * factor;
  }
  if (end > 0 && place == 0) {
    factors[row] = factor;
  }
}

// What is added up: `begin` is told a thread's channel, `add` each of its numbers' row and place.
struct Values {
  const float *input;
};

DEVICE void begin(Values &of, whole channel) {}

DEVICE void add(const Values &of, whole row, whole place, Two &sums) {
  sums.first += of.input[place];
}

struct Squares {
  const float *input;
  const float *mean;
  float middle;
};

DEVICE void begin(Squares &of, whole channel) { of.middle = of.mean[channel]; }

DEVICE void add(const Squares &of, whole row, whole place, Two &sums) {
  float distance = of.input[place] - of.middle;
  sums.first += distance * distance;
}

// First the gradient of a scale, then that of a shift.
struct ChannelGradients {
  const float *input;
  const float *gradient;
  const float *mean;
  const float *variance;
  float epsilon;
  float middle;
  float factor;
};

DEVICE void begin(ChannelGradients &of, whole channel) {
  of.middle = of.mean[channel];
  of.factor = factor_of(of.variance[channel], of.epsilon);
}

DEVICE void add(const ChannelGradients &of, whole row, whole place, Two &sums) {
  sums.first += of.gradient[place] * ((of.input[place] - of.middle) * of.factor);
  sums.second += of.gradient[place];
}

struct RowGradients {
  const float *input;
  const float *gradient;
  const float *mean;
  const float *factors;
};

DEVICE void begin(RowGradients &of, whole channel) {}

DEVICE void add(const RowGradients &of, whole row, whole place, Two &sums) {
  sums.first += of.gradient[place] * ((of.input[place] - of.mean[row]) * of.factors[row]);
  sums.second += of.gradient[place];
}

KERNEL(values_of_columns)(const float *input, float *parts, whole rows, whole channels,
                           whole points, whole each) {
  add_columns<1>(Values{input}, parts, rows, channels, points, each);
}

KERNEL(values_of_runs)(const float *input, float *parts, whole rows, whole channels, whole points,
                        whole each) {
  add_runs<1>(Values{input}, parts, rows, channels, points, each);
}

KERNEL(squares_of_columns)(const float *input, const float *mean, float *parts, whole rows,
                           whole channels, whole points, whole each) {
  add_columns<1>(Squares{input, mean}, parts, rows, channels, points, each);
}

KERNEL(squares_of_runs)(const float *input, const float *mean, float *parts, whole rows,
                        whole channels, whole points, whole each) {
  add_runs<1>(Squares{input, mean}, parts, rows, channels, points, each);
}

KERNEL(channel_gradients_of_columns)(const float *input, const float *gradient, const float *mean,
                                     const float *variance, float epsilon, float *parts, whole rows,
                                     whole channels, whole points, whole each) {
  add_columns<2>(ChannelGradients{input, gradient, mean, variance, epsilon}, parts, rows, channels,
                 points, each);
}

KERNEL(channel_gradients_of_runs)(const float *input, const float *gradient, const float *mean,
                                  const float *variance, float epsilon, float *parts, whole rows,
                                  whole channels, whole points, whole each) {
  add_runs<2>(ChannelGradients{input, gradient, mean, variance, epsilon}, parts, rows, channels,
              points, each);
}

KERNEL(row_gradients_of_columns)(const float *input, const float *gradient, const float *mean,
                                 const float *factors, float *parts, whole rows, whole channels,
                                 whole points, whole each) {
  add_columns<2>(RowGradients{input, gradient, mean, factors}, parts, rows, channels, points, each);
}

KERNEL(sums_of_parts)(const float *parts, float *sums, whole chunks, whole channels, whole points,
                      double count, int team) {
  SHARED double room[LARGEST_TEAM];
  whole channel = TEAM_ROW(team);
  whole end = channel < channels ? chunks * points : 0;
  double sum = 0;
  for (whole i = TEAM_PLACE(team); i < end; i += team) {
    whole chunk = quotient(i, points);
    sum += parts[(chunk * channels + channel) * points + (i - chunk * points)];
  }
  sum = sum_of_team(sum, room, team);
  if (end > 0 && TEAM_PLACE(team) == 0) {
    sums[channel] = (float)(sum / count);
  }
}

// The channel of a number of [rows, channels, points].
DEVICE whole channel_of(whole place, whole channels, whole points) {
  whole run = quotient(place, points);
  return run - quotient(run, channels) * channels;
}

KERNEL(batch_norm)(const float *input, const float *scale, const float *shift, const float *mean,
                   const float *variance, float *output, whole count, whole channels, whole points,
                   float epsilon) {
  whole i = PLACE;
  if (i < count) {
    whole channel = channel_of(i, channels, points);
    float normal = (input[i] - mean[channel]) * factor_of(variance[channel], epsilon);
    output[i] = normal * scale[channel] + shift[channel];
  }
}

// The sums are the gradients of scale and shift, of so many values each. Given moments do not
// depend on the input.
KERNEL(batch_norm_gradient)(const float *input, const float *scale, const float *mean,
                            const float *variance, const float *output_gradient, const float *sums,
                            float *input_gradient, whole count, whole channels, whole points,
                            float values, float epsilon, int given) {
  whole i = PLACE;
  if (i < count) {
    whole channel = channel_of(i, channels, points);
    float factor = factor_of(variance[channel], epsilon);
    float slope = output_gradient[i];
    if (!given) {
      float normal = (input[i] - mean[channel]) * factor;
      slope -= (sums[channels + channel] + normal * sums[channel]) / values;
    }
    input_gradient[i] = slope * (scale[channel] * factor);
  }
}

// What they add up counts its rows too, and how often the running moments followed is counted where
// these are: so nobody waits for a count.
KERNEL(add_moments)(const float *mean, const float *variance, const float *from,
                    float *sum_of_means, float *sum_of_squares, float *sum_of_rows, double rows,
                    whole count) {
  whole i = PLACE;
  if (i < count) {
    double distance = (double)mean[i] - from[i];
    double square = distance * distance + variance[i];
    sum_of_means[i] = (float)(sum_of_means[i] + rows * distance);
    sum_of_squares[i] = (float)(sum_of_squares[i] + rows * square);
  }
  if (i == 0) {
    *sum_of_rows = (float)(*sum_of_rows + rows);
  }
}

KERNEL(follow_moments)(const float *sum_of_means, const float *sum_of_squares,
                       const float *sum_of_rows, float *mean, float *variance, float *steps,
                       double share, whole count) {
  whole i = PLACE;
  double rows = *sum_of_rows;
  if (rows == 0) {
    return;
  }
  if (i < count) {
    double distance = sum_of_means[i] / rows;
    double own = sum_of_squares[i] / rows - distance * distance;
    mean[i] = (float)(mean[i] + share * distance);
    variance[i] = (float)(variance[i] + share * (own - variance[i]));
  }
  if (i == 0) {
    *steps = *steps + 1;
  }
}
