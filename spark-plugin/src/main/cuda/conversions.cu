// Rounding of floats to 16 bits, to the nearest and to even between two, and back: bfloat16, and
// IEEE 754's half (float16). A frame holds two of them in the room of a float, the first in the
// lower half, as they follow each other in memory; the half behind an odd count is zero. What is
// not a number stays so. One thread for every SHARE pairs.
#include <string.h>

#include "numbers.h"

typedef unsigned int word;

DEVICE word bits_of(float number) {
  word bits;
  memcpy(&bits, &number, sizeof bits);
  return bits;
}

DEVICE float number_of(word bits) {
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

DEVICE word bfloat16_of(float number) {
  word bits = bits_of(number);
  if (number != number) {
    return bits >> 16 | 0x40; // one that is left with no bit set would be infinite
  }
  return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

DEVICE float of_bfloat16(word bits) {
  return number_of(bits << 16);
}

DEVICE word float16_of(float number) {
  word bits = bits_of(number);
  word sign = bits >> 16 & 0x8000;
  word size = bits & 0x7FFFFFFF;
  if (size > 0x7F800000) { // not a number
    return sign | 0x7E00 | (size >> 13 & 0x3FF);
  }
  if (size >= 0x477FF000) { // 65,520: half way to the power of two that is out of range
    return sign | 0x7C00;
  }
  if (size >= 0x38800000) { // 2^-14, the least with all bits
    return sign | (size - 0x38000000 + 0xFFF + (size >> 13 & 1)) >> 13;
  }
  // The addition rounds to 2^-24, the last bit of what lies between 1/2 and 1.
  return sign | (bits_of(number_of(size) + 0.5f) - 0x3F000000);
}

DEVICE float of_float16(word bits) {
  word sign = (bits & 0x8000) << 16;
  word exponent = bits >> 10 & 0x1F;
  word rest = bits & 0x3FF;
  if (exponent == 0) {
    return number_of(sign | bits_of(rest * 0x1p-24f));
  }
  if (exponent == 0x1F) {
    return number_of(sign | 0x7F800000 | rest << 13 | (rest == 0 ? 0 : 0x400000));
  }
  return number_of(sign | (exponent + 112) << 23 | rest << 13);
}

template <typename Rounded>
DEVICE void round_pairs(const float *numbers, float *frame, whole count, Rounded rounded) {
  float low[SHARE];
  float high[SHARE];
  for (int k = 0; k < SHARE; k++) {
    whole first = 2 * place_of(k);
    low[k] = first < count ? numbers[first] : 0;
    high[k] = first + 1 < count ? numbers[first + 1] : 0;
  }
  for (int k = 0; k < SHARE; k++) {
    if (2 * place_of(k) < count) {
      ((word *)frame)[place_of(k)] = rounded(low[k]) | rounded(high[k]) << 16;
    }
  }
}

template <typename Widened>
DEVICE void widen_pairs(const float *frame, float *numbers, whole count, Widened widened) {
  word both[SHARE];
  for (int k = 0; k < SHARE; k++) {
    both[k] = 2 * place_of(k) < count ? ((const word *)frame)[place_of(k)] : 0;
  }
  for (int k = 0; k < SHARE; k++) {
    whole first = 2 * place_of(k);
    if (first < count) {
      numbers[first] = widened(both[k] & 0xFFFF);
    }
    if (first + 1 < count) {
      numbers[first + 1] = widened(both[k] >> 16);
    }
  }
}

KERNEL(round_to_bfloat16)(const float *numbers, float *frame, whole count) {
  round_pairs(numbers, frame, count, [](float number) { return bfloat16_of(number); });
}

KERNEL(round_to_float16)(const float *numbers, float *frame, whole count) {
  round_pairs(numbers, frame, count, [](float number) { return float16_of(number); });
}

KERNEL(widen_bfloat16)(const float *frame, float *numbers, whole count) {
  widen_pairs(frame, numbers, count, [](word bits) { return of_bfloat16(bits); });
}

KERNEL(widen_float16)(const float *frame, float *numbers, whole count) {
  widen_pairs(frame, numbers, count, [](word bits) { return of_float16(bits); });
}
