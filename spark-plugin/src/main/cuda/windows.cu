// Convolution as products of matrices, and pooling.
//
// The numbers under a window at every place make a matrix ("columns", im2col): a line for each
// number of the window, in the order in which filters lie, which is channels fastest, then the
// window's height, then its width; in a line picture after picture, place after place. A chunk of
// them is some pictures, or some places of one picture. All gradients of inputs are gathered: each
// number adds up what the places that saw it have for it, in ascending order.
#include "kernels.h"

// A number under a window: its place in a line of the picture, or less than 0 or beyond the length.
DEVICE whole under(whole place, whole spot, whole stride, whole before) {
  return place * stride - before + spot;
}

// The first place of a window that covers this number of a line.
DEVICE whole first_over(whole at, whole window, whole stride, whole before) {
  whole least = at + before - window + 1; // of where the window begins
  return least <= 0 ? 0 : (least + stride - 1) / stride;
}

// The number behind the last place.
DEVICE whole last_over(whole at, whole places, whole stride, whole before) {
  whole beyond = (at + before) / stride + 1;
  return beyond < places ? beyond : places;
}

// Lays a chunk of pictures out as columns. One thread a number of `columns`, of which there are
// `count`; the chunk has `some` places of each picture, from place `from`.
KERNEL(windows_to_columns)
(const float *pictures, float *columns, whole count, whole all_some, whole some, whole from,
 whole channels, whole height, whole width, whole window_height, whole stride_down,
 whole before_down, whole stride_across, whole before_across, whole places_across) {
  whole number = PLACE;
  if (number >= count) {
    return;
  }
  whole line = number / all_some;
  whole in_line = number % all_some;
  whole picture = in_line / some;
  whole place = from + in_line % some;
  whole channel = line % channels;
  whole spot_down = line / channels % window_height;
  whole spot_across = line / channels / window_height;
  whole y = under(place / places_across, spot_down, stride_down, before_down);
  whole x = under(place % places_across, spot_across, stride_across, before_across);
  bool inside = y >= 0 && y < height && x >= 0 && x < width;
  whole from_number = ((picture * channels + channel) * height + y) * width + x;
  columns[number] = inside ? pictures[from_number] : 0;
}

// Adds up columns into pictures. One thread a number of the pictures; `add` is 0 where they are
// overwritten. Places before `from` and behind the chunk's `some` are left out.
KERNEL(columns_to_windows)
(const float *columns, float *pictures, whole count, whole all_some, whole some, whole from,
 whole channels, whole height, whole width, whole window_height, whole window_width,
 whole stride_down, whole before_down, whole stride_across, whole before_across,
 whole places_down, whole places_across, int add) {
  whole number = PLACE;
  if (number >= count) {
    return;
  }
  whole x = number % width;
  whole y = number / width % height;
  whole channel = number / width / height % channels;
  whole picture = number / width / height / channels;
  float sum = add ? pictures[number] : 0;
  whole to_down = last_over(y, places_down, stride_down, before_down);
  whole to_across = last_over(x, places_across, stride_across, before_across);
  whole down = first_over(y, window_height, stride_down, before_down);
  for (; down < to_down; down++) {
    whole spot_down = y - under(down, 0, stride_down, before_down);
    whole across = first_over(x, window_width, stride_across, before_across);
    for (; across < to_across; across++) {
      whole spot_across = x - under(across, 0, stride_across, before_across);
      whole place = down * places_across + across - from;
      if (place >= 0 && place < some) {
        whole line = (spot_across * window_height + spot_down) * channels + channel;
        sum += columns[line * all_some + picture * some + place];
      }
    }
  }
  pictures[number] = sum;
}

// Lays a chunk of numbers at places [pictures, outputs, places] out as lines of one output each.
// One thread a number.
KERNEL(places_to_lines)
(const float *places, float *lines, whole count, whole all_some, whole some, whole from,
 whole outputs, whole all_places) {
  whole number = PLACE;
  if (number < count) {
    whole output = number / all_some;
    whole in_line = number % all_some;
    whole picture = in_line / some;
    lines[number] =
        places[(picture * outputs + output) * all_places + from + in_line % some];
  }
}

// Adds up numbers at places [pictures, outputs, places] over pictures and places, in parts: one
// block a part of an output, parts fastest.
KERNEL(places_sum_of_part)
(const float *places, float *sums, whole pictures, whole outputs, whole all_places, whole parts,
 whole part) {
  SHARED float room[LINE];
  whole output = blockIdx.x / parts;
  whole from = blockIdx.x % parts * part;
  whole to = from + part < pictures * all_places ? from + part : pictures * all_places;
  float own = 0;
  for (whole at = from + threadIdx.x; at < to; at += LINE) {
    own += places[(at / all_places * outputs + output) * all_places + at % all_places];
  }
  float sum = sum_of_block(own, room);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = sum;
  }
}

// Adds the sums of parts to what is there, in ascending order. One thread an output.
KERNEL(places_add_parts)(const float *sums, float *to, whole outputs, whole parts) {
  whole output = PLACE;
  if (output < outputs) {
    float sum = 0;
    for (whole part = 0; part < parts; part++) {
      sum += sums[output * parts + part];
    }
    to[output] += sum;
  }
}

// Where a number of a filter, which lies outputs fastest, then channels, then the window's height,
// lies in one that is laid out output by output.
DEVICE whole by_outputs(whole number, whole outputs, whole channels, whole height, whole width) {
  whole output = number % outputs;
  whole channel = number / outputs % channels;
  whole down = number / outputs / channels % height;
  whole across = number / outputs / channels / height;
  return ((output * channels + channel) * height + down) * width + across;
}

// Lays a filter out output by output, row by row of each. One thread a number.
KERNEL(filter_by_outputs)
(const float *filter, float *to, whole count, whole outputs, whole channels, whole height,
 whole width) {
  whole number = PLACE;
  if (number < count) {
    to[by_outputs(number, outputs, channels, height, width)] = filter[number];
  }
}

// Adds a filter's gradient that lies output by output to one that lies as filters do. One thread a
// number.
KERNEL(filter_add_by_outputs)
(const float *gradient, float *filter, whole count, whole outputs, whole channels, whole height,
 whole width) {
  whole number = PLACE;
  if (number < count) {
    filter[number] += gradient[by_outputs(number, outputs, channels, height, width)];
  }
}

// Finds the largest number under a window, the first of equal ones; one that is not a number is
// larger than all. `kept` gets its spot in the window, counted row by row. One thread a place.
KERNEL(pool_largest)
(const float *pictures, float *kept, float *output, whole count, whole height, whole width,
 whole window_height, whole window_width, whole stride_down, whole before_down,
 whole stride_across, whole before_across, whole places_down, whole places_across) {
  whole number = PLACE;
  if (number >= count) {
    return;
  }
  whole across = number % places_across;
  whole down = number / places_across % places_down;
  const float *picture = pictures + number / places_across / places_down * height * width;
  whole chosen = -1;
  float largest = -INFINITY;
  for (whole spot_down = 0; spot_down < window_height; spot_down++) {
    whole y = under(down, spot_down, stride_down, before_down);
    for (whole spot_across = 0; spot_across < window_width; spot_across++) {
      whole x = under(across, spot_across, stride_across, before_across);
      if (y >= 0 && y < height && x >= 0 && x < width) {
        float one = picture[y * width + x];
        if (chosen < 0 || one > largest || (one != one && largest == largest)) {
          chosen = spot_down * window_width + spot_across;
          largest = one;
        }
      }
    }
  }
  output[number] = largest;
  kept[number] = (float)chosen;
}

// Gives each number the gradients of the places of which it is the largest. One thread a number of
// the pictures.
KERNEL(pool_largest_gradient)
(const float *kept, const float *gradient, float *to, whole count, whole height, whole width,
 whole window_height, whole window_width, whole stride_down, whole before_down,
 whole stride_across, whole before_across, whole places_down, whole places_across) {
  whole number = PLACE;
  if (number >= count) {
    return;
  }
  whole x = number % width;
  whole y = number / width % height;
  whole first = number / width / height * places_down * places_across;
  whole to_down = last_over(y, places_down, stride_down, before_down);
  whole to_across = last_over(x, places_across, stride_across, before_across);
  float sum = 0;
  whole down = first_over(y, window_height, stride_down, before_down);
  for (; down < to_down; down++) {
    whole spot_down = y - under(down, 0, stride_down, before_down);
    whole across = first_over(x, window_width, stride_across, before_across);
    for (; across < to_across; across++) {
      whole spot = spot_down * window_width + x - under(across, 0, stride_across, before_across);
      whole place = first + down * places_across + across;
      if (kept[place] == (float)spot) {
        sum += gradient[place];
      }
    }
  }
  to[number] = sum;
}

// How many numbers of a line a window covers.
DEVICE whole covered(whole place, whole window, whole stride, whole before, whole length) {
  whole from = under(place, 0, stride, before);
  whole to = from + window;
  whole count = (to < length ? to : length) - (from > 0 ? from : 0);
  return count > 0 ? count : 0;
}

// Computes the mean of the numbers under a window, without padding. One thread a place.
KERNEL(pool_mean)
(const float *pictures, float *output, whole count, whole height, whole width,
 whole window_height, whole window_width, whole stride_down, whole before_down,
 whole stride_across, whole before_across, whole places_down, whole places_across) {
  whole number = PLACE;
  if (number >= count) {
    return;
  }
  whole across = number % places_across;
  whole down = number / places_across % places_down;
  const float *picture = pictures + number / places_across / places_down * height * width;
  float sum = 0;
  for (whole spot_down = 0; spot_down < window_height; spot_down++) {
    whole y = under(down, spot_down, stride_down, before_down);
    for (whole spot_across = 0; spot_across < window_width; spot_across++) {
      whole x = under(across, spot_across, stride_across, before_across);
      if (y >= 0 && y < height && x >= 0 && x < width) {
        sum += picture[y * width + x];
      }
    }
  }
  whole high = covered(down, window_height, stride_down, before_down, height);
  whole wide = covered(across, window_width, stride_across, before_across, width);
  output[number] = sum / (float)(high * wide);
}

// Gives each number its share of the gradients of the places that cover it. One thread a number of
// the pictures.
KERNEL(pool_mean_gradient)
(const float *gradient, float *to, whole count, whole height, whole width, whole window_height,
 whole window_width, whole stride_down, whole before_down, whole stride_across,
 whole before_across, whole places_down, whole places_across) {
  whole number = PLACE;
  if (number >= count) {
    return;
  }
  whole x = number % width;
  whole y = number / width % height;
  whole first = number / width / height * places_down * places_across;
  whole to_down = last_over(y, places_down, stride_down, before_down);
  whole to_across = last_over(x, places_across, stride_across, before_across);
  float sum = 0;
  whole down = first_over(y, window_height, stride_down, before_down);
  for (; down < to_down; down++) {
    whole high = covered(down, window_height, stride_down, before_down, height);
    whole across = first_over(x, window_width, stride_across, before_across);
    for (; across < to_across; across++) {
      whole wide = covered(across, window_width, stride_across, before_across, width);
      sum += gradient[first + down * places_across + across] / (float)(high * wide);
    }
  }
  to[number] = sum;
}
