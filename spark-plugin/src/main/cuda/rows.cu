// Rows, and numbers that follow each other in memory: bias, copies, embedding look-up.
// One thread for every SHARE numbers, but for add_at_rows.
#include "functions.h"
#include "numbers.h"

// Adds vector[width] to every `width` numbers of matrix[length].
KERNEL(add_to_each)(float *matrix, const float *vector, whole length, whole width) {
  float own[SHARE];
  float added[SHARE];
  whole column = place_of(0) % width;
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < length) {
      own[k] = matrix[place_of(k)];
      added[k] = vector[column];
    }
    column += LINE;
    if (column >= width) {
      column -= width;
      if (column >= width) { // a row has less than LINE numbers
        column %= width;
      }
    }
  }
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < length) {
      matrix[place_of(k)] = own[k] + added[k];
    }
  }
}

KERNEL(copy_numbers)(const float *from, float *to, whole count) {
  each_of_one(from, to, count, [](float x) { return x; });
}

KERNEL(scale_numbers)(float *numbers, float factor, whole count) {
  each_of_one(numbers, numbers, count, [=](float x) { return x * factor; });
}

KERNEL(add_numbers)(const float *a, const float *b, float *sum, whole count) {
  each_of_two(a, b, sum, count, [](float x, float y) { return x + y; });
}

KERNEL(add_number)(float *numbers, float added, whole count) {
  each_of_one(numbers, numbers, count, [=](float x) { return x + added; });
}

KERNEL(multiply_numbers)(const float *a, const float *b, float *product, whole count) {
  each_of_two(a, b, product, count, [](float x, float y) { return x * y; });
}

KERNEL(fill_numbers)(float *numbers, float value, whole count) {
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      numbers[place_of(k)] = value;
    }
  }
}

// Swaps the first two dimensions: from[a][b][width] becomes to[b][a][width].
KERNEL(swap_rows)(const float *from, float *to, whole a, whole b, whole width) {
  whole count = a * b * width;
  float own[SHARE];
  for (int k = 0; k < SHARE; k++) {
    whole place = place_of(k);
    if (place < count) {
      whole row = place / width; // of `to`: j · a + i
      whole j = row / a;
      whole i = row - j * a;
      own[k] = from[(i * b + j) * width + (place - row * width)];
    }
  }
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      to[place_of(k)] = own[k];
    }
  }
}

// Copies to each of rows[count / width][width] the vector of its id in table[][width]; zeros for a
// negative one.
KERNEL(look_up_rows)(
    const float *table, const int *ids, float *rows, whole count, whole width) {
  float own[SHARE];
  for (int k = 0; k < SHARE; k++) {
    whole place = place_of(k);
    if (place < count) {
      whole row = place / width;
      whole id = ids[row];
      own[k] = id < 0 ? 0.0f : table[id * width + (place - row * width)];
    }
  }
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      rows[place_of(k)] = own[k];
    }
  }
}

// Copies each of rows[count / width][width] to the vector of its id in table[][width], of which no
// two are the same; none for a negative one.
KERNEL(put_rows)(const float *rows, const int *ids, float *table, whole count, whole width) {
  float own[SHARE];
  whole to[SHARE];
  for (int k = 0; k < SHARE; k++) {
    whole place = place_of(k);
    to[k] = -1;
    if (place < count) {
      whole row = quotient(place, width);
      whole id = ids[row];
      own[k] = rows[place];
      to[k] = id < 0 ? -1 : id * width + (place - row * width);
    }
  }
  for (int k = 0; k < SHARE; k++) {
    if (to[k] >= 0) {
      table[to[k]] = own[k];
    }
  }
}

// Copies `width` numbers of each row of from[][from_width] to as many of the row of to[][to_width].
KERNEL(copy_columns)(const float *from, float *to, whole count, whole width, whole from_width,
                     whole to_width) {
  float own[SHARE];
  whole at[SHARE];
  for (int k = 0; k < SHARE; k++) {
    whole place = place_of(k);
    if (place < count) {
      whole row = quotient(place, width);
      whole column = place - row * width;
      own[k] = from[row * from_width + column];
      at[k] = row * to_width + column;
    }
  }
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      to[at[k]] = own[k];
    }
  }
}

// Adds to each of the `lines` rows of some matrices[][lines][width] the vector of theirs:
// vectors[k] to those of matrix which[k]. `count` numbers are added to in all.
KERNEL(add_to_some)(float *matrices, const int *which, const float *vectors, whole count,
                    whole lines, whole width) {
  whole size = lines * width;
  for (int k = 0; k < SHARE; k++) {
    whole place = place_of(k);
    if (place < count) {
      whole vector = quotient(place, size);
      whole inside = place - vector * size;
      whole column = inside - quotient(inside, width) * width;
      matrices[which[vector] * size + inside] += vectors[vector * width + column];
    }
  }
}

// Sets a mark to 1 if a number is NaN or infinite: whoever finds one writes the same.
KERNEL(mark_not_finite)(const float *numbers, float *mark, whole count) {
  bool found = false;
  for (int k = 0; k < SHARE; k++) {
    if (place_of(k) < count) {
      float number = numbers[place_of(k)];
      found = found || number - number != 0;
    }
  }
  if (found) {
    *mark = 1;
  }
}

// How many rows are fetched before they are added.
#define AHEAD 8

// Adds rows to the vectors of their ids in table[][width]: the k-th of `ids` gets those of `order`
// from starts[k] to before starts[k + 1], first to last. One thread for each number of the vectors
// of these ids.
KERNEL(add_at_rows)(
    const float *rows,
    const int *order,
    const int *starts,
    const int *ids,
    float *table,
    whole distinct,
    whole width) {
  if (PLACE >= distinct * width) {
    return;
  }
  whole which = PLACE / width;
  whole column = PLACE - which * width;
  float *place = table + ids[which] * width + column;
  float sum = *place;
  int until = starts[which + 1];
  for (int at = starts[which]; at < until; at += AHEAD) {
    float next[AHEAD];
    for (int k = 0; k < AHEAD; k++) {
      if (at + k < until) {
        next[k] = rows[order[at + k] * width + column];
      }
    }
    for (int k = 0; k < AHEAD; k++) {
      if (at + k < until) {
        sum += next[k];
      }
    }
  }
  *place = sum;
}
