package io.penstock.compute.cuda;

import io.penstock.compute.ComputePrecision;

/** Matrix products on a device, by one library or another. For one thread. */
interface Multiplier {
  /** Opens the fastest that there is on this machine, for a launcher's thread. */
  static Multiplier open(CudaDevice device, Launcher launcher, ComputePrecision precision) {
    Multiplier own = new TiledMultiplier(launcher);
    return CublasLibrary.load(device).isThere()
        ? new CublasMultiplier(device, launcher, precision, own)
        : own;
  }

  /** Computes a product. */
  void multiply(MatrixProduct product);

  /** Frees what was compiled; what is asked for after that is compiled anew. */
  void clear();
}
