// Random numbers of a key and a place, the bits of io.penstock.compute.SplitMix.
#include "numbers.h"

typedef unsigned long long bits;

DEVICE bits mixed(bits z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

// Writes 0 to mask[i] if the i-th uniform number of the key is below `below` · 2^-53, else `kept`.
// One thread for every SHARE numbers.
KERNEL(mask_numbers)(float *mask, whole key, whole below, float kept, whole count) {
  for (int k = 0; k < SHARE; k++) {
    whole place = place_of(k);
    if (place < count) {
      bits z = mixed((bits)key + ((bits)place + 1) * 0x9E3779B97F4A7C15ull);
      mask[place] = (z >> 11) < (bits)below ? 0.0f : kept;
    }
  }
}
