package io.penstock.compute.cuda;

import io.penstock.compute.ComputePrecision;
import io.penstock.compute.Geometry;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolutions on a device, by one library or another; arrays as {@link
 * io.penstock.compute.Windows} has them. For one thread.
 */
interface Convolver {
  /**
   * Opens the fastest that there is on this machine, for a launcher's thread.
   *
   * @param multiplier for those that are made of products
   * @param told once, if a library cannot do what is asked of it
   */
  static Convolver open(
      CudaDevice device,
      Launcher launcher,
      ComputePrecision precision,
      Multiplier multiplier,
      Consumer<String> told) {
    Convolver own = new ColumnConvolver(launcher, multiplier);
    return CudnnLibrary.load(device).isThere()
        ? new CudnnConvolver(device, launcher, precision, own, CudnnConvolver.WORKSPACE, told)
        : own;
  }

  /**
   * Computes a convolution.
   *
   * @param bias null for none
   */
  void forward(Geometry geometry, INDArray input, INDArray filter, INDArray bias, INDArray output);

  /** Computes the gradient with respect to the input. */
  void inputGradient(
      Geometry geometry, INDArray outputGradient, INDArray filter, INDArray inputGradient);

  /** Adds the gradient with respect to the filter. */
  void filterGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filterGradient);

  /** Frees what was planned; what is asked for after that is planned anew. */
  void clear();
}
