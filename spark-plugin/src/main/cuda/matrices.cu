// What comes before and after a matrix product: sums of parts, biases, copies.
#include "kernels.h"

// Adds up the parts of a product, which lie densely one behind the other as `parts` batches of
// `rows` lines each, in ascending order. One thread a number of c.
KERNEL(product_sum_of_parts)
(const float *sums, float *c, const float *bias, whole count, whole rows, whole columns,
 whole c_row, whole bias_row, whole bias_column, float factor, float beta, whole parts,
 whole heads, whole c_batch, whole c_head) {
  whole place = PLACE;
  if (place >= count) {
    return;
  }
  float sum = 0;
  for (whole part = 0; part < parts; part++) {
    sum += sums[part * count + place];
  }
  whole column = place % columns;
  whole line = place / columns;
  whole row = line % rows;
  whole matrix = line / rows;
  float *to = c + matrix / heads * c_batch + matrix % heads * c_head + row * c_row + column;
  float number = factor * sum;
  if (beta != 0) {
    number += beta * *to;
  }
  if (bias) {
    number += bias[row * bias_row + column * bias_column];
  }
  *to = number;
}

// Adds a bias to the numbers of matrices that lie row by row. One thread a number.
KERNEL(product_add_bias)
(float *c, const float *bias, whole count, whole rows, whole columns, whole c_row, whole bias_row,
 whole bias_column, whole heads, whole c_batch, whole c_head) {
  whole place = PLACE;
  if (place >= count) {
    return;
  }
  whole column = place % columns;
  whole row = place / columns % rows;
  whole matrix = place / columns / rows;
  c[matrix / heads * c_batch + matrix % heads * c_head + row * c_row + column] +=
      bias[row * bias_row + column * bias_column];
}

// Copies numbers to where they lie at a better address. One thread a number.
KERNEL(product_copy)(const float *from, float *to, whole count) {
  whole place = PLACE;
  if (place < count) {
    to[place] = from[place];
  }
}
