package io.penstock.compute.cuda;

/** Matrix products on a device, by one library or another. For one thread. */
interface Multiplier {
  /** Computes a product. */
  void multiply(MatrixProduct product);

  /** Frees what was compiled; what is asked for after that is compiled anew. */
  void clear();
}
