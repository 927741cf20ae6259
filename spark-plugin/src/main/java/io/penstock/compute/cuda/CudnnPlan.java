package io.penstock.compute.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToIntFunction;
import java.util.function.ToIntFunction;

/**
 * cuDNN's descriptions of a convolution of one shape, and the workspace that it needs. The
 * algorithm is the same for all shapes, and one that adds up in an order of its own. For one
 * thread; to be freed.
 */
final class CudnnPlan {
  private final List<Runnable> made = new ArrayList<>();
  private final CudnnShape shape;
  private final long pictures;
  private final long filter;
  private final long places;
  private final long convolution;
  private final Memory factors = new Memory(2 * Float.BYTES);
  private final long workspaceBytes;
  private boolean possible;

  /**
   * @param shape that can be described
   * @throws CudaException if the library fails; nothing is left behind then
   */
  CudnnPlan(long handle, CudnnShape shape) {
    this.shape = shape;
    Geometry geometry = shape.geometry();
    try {
      pictures = tensor(geometry.pictures());
      places = tensor(geometry.places(shape.outputs()));
      filter = filter(shape.filter());
      convolution = convolution(geometry.vertical(), geometry.horizontal());
      LongByReference bytes = new LongByReference();
      int result = askForWorkspace(handle, bytes);
      possible = !CudnnFailure.isUnsupported(result);
      if (possible) {
        check(result, "GetConvolution...WorkspaceSize");
      }
      workspaceBytes = bytes.getValue();
    } catch (CudaException e) {
      free();
      throw e;
    }
  }

  private long tensor(long[] sides) {
    long tensor =
        made(
            "CreateTensorDescriptor",
            Cudnn::cudnnCreateTensorDescriptor,
            Cudnn::cudnnDestroyTensorDescriptor);
    check(
        Cudnn.cudnnSetTensor4dDescriptor(
            tensor,
            Cudnn.BY_CHANNELS,
            Cudnn.FLOAT,
            (int) sides[0],
            (int) sides[1],
            (int) sides[2],
            (int) sides[3]),
        "SetTensor4dDescriptor");
    return tensor;
  }

  private long filter(long[] sides) {
    long all =
        made(
            "CreateFilterDescriptor",
            Cudnn::cudnnCreateFilterDescriptor,
            Cudnn::cudnnDestroyFilterDescriptor);
    check(
        Cudnn.cudnnSetFilter4dDescriptor(
            all,
            Cudnn.FLOAT,
            Cudnn.BY_CHANNELS,
            (int) sides[0],
            (int) sides[1],
            (int) sides[2],
            (int) sides[3]),
        "SetFilter4dDescriptor");
    return all;
  }

  private long convolution(Axis vertical, Axis horizontal) {
    long described =
        made(
            "CreateConvolutionDescriptor",
            Cudnn::cudnnCreateConvolutionDescriptor,
            Cudnn::cudnnDestroyConvolutionDescriptor);
    check(
        Cudnn.cudnnSetConvolution2dDescriptor(
            described,
            Math.toIntExact(vertical.before()),
            Math.toIntExact(horizontal.before()),
            (int) vertical.stride(),
            (int) horizontal.stride(),
            1,
            1,
            Cudnn.CROSS_CORRELATION,
            Cudnn.FLOAT),
        "SetConvolution2dDescriptor");
    check(Cudnn.cudnnSetConvolutionMathType(described, shape.math()), "SetConvolutionMathType");
    return described;
  }

  private int askForWorkspace(long handle, LongByReference bytes) {
    return switch (shape.result()) {
      case PLACES ->
          Cudnn.cudnnGetConvolutionForwardWorkspaceSize(
              handle, pictures, filter, convolution, places, Cudnn.FORWARD_BY_PRODUCT, bytes);
      case INPUT_GRADIENT ->
          Cudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
              handle, filter, places, convolution, pictures, Cudnn.INPUT_GRADIENT_IN_ORDER, bytes);
      case FILTER_GRADIENT ->
          Cudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
              handle, pictures, places, convolution, filter, Cudnn.FILTER_GRADIENT_IN_ORDER, bytes);
    };
  }

  /** Returns whether the library can compute this, as far as it is known. */
  boolean isPossible() {
    return possible;
  }

  long workspaceBytes() {
    return workspaceBytes;
  }

  /** Returns how many pictures this is for. */
  long pictures() {
    return shape.geometry().rows();
  }

  /**
   * Computes the result, on the handle's stream. All addresses are the device's.
   *
   * @param beta 1 to add to what is there, 0 to overwrite it
   * @return whether the library can; if not, nothing was written
   */
  boolean run(
      long handle, long atPictures, long atFilter, long atPlaces, double beta, long workspace) {
    factors.setFloat(0, 1);
    factors.setFloat(Float.BYTES, (float) beta);
    long one = Pointer.nativeValue(factors);
    long other = one + Float.BYTES;
    int result =
        switch (shape.result()) {
          case PLACES ->
              Cudnn.cudnnConvolutionForward(
                  handle,
                  one,
                  pictures,
                  atPictures,
                  filter,
                  atFilter,
                  convolution,
                  Cudnn.FORWARD_BY_PRODUCT,
                  workspace,
                  workspaceBytes,
                  other,
                  places,
                  atPlaces);
          case INPUT_GRADIENT ->
              Cudnn.cudnnConvolutionBackwardData(
                  handle,
                  one,
                  filter,
                  atFilter,
                  places,
                  atPlaces,
                  convolution,
                  Cudnn.INPUT_GRADIENT_IN_ORDER,
                  workspace,
                  workspaceBytes,
                  other,
                  pictures,
                  atPictures);
          case FILTER_GRADIENT ->
              Cudnn.cudnnConvolutionBackwardFilter(
                  handle,
                  one,
                  pictures,
                  atPictures,
                  places,
                  atPlaces,
                  convolution,
                  Cudnn.FILTER_GRADIENT_IN_ORDER,
                  workspace,
                  workspaceBytes,
                  other,
                  filter,
                  atFilter);
        };
    possible = !CudnnFailure.isUnsupported(result);
    if (possible) {
      check(result, "Convolution...");
    }
    return possible;
  }

  void free() {
    made.forEach(Runnable::run);
    made.clear();
  }

  /** Makes something of the library's, which is freed with this plan. */
  private long made(String call, ToIntFunction<LongByReference> create, LongToIntFunction destroy) {
    LongByReference to = new LongByReference();
    check(create.applyAsInt(to), call);
    long descriptor = to.getValue();
    made.add(() -> destroy.applyAsInt(descriptor));
    return descriptor;
  }

  private void check(int result, String call) {
    CudnnFailure.check(result, call, shape);
  }
}
