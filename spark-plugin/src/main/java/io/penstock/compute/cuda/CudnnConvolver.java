package io.penstock.compute.cuda;

import com.sun.jna.ptr.LongByReference;
import io.penstock.Amount;
import io.penstock.array.DeviceBuffer;
import io.penstock.compute.ComputePrecision;
import io.penstock.compute.Geometry;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolutions by cuDNN: products whose one factor, the numbers under the window, is never laid out
 * (Chetlur and others 2014, <i>cuDNN: Efficient Primitives for Deep Learning</i>). Algorithms are
 * the same for every shape, and nothing is measured.
 *
 * <p>The same bits every time, on GPUs of one architecture, under one version of the library: its
 * documentation (<i>Odds and Ends, Reproducibility</i>) promises that for all of its routines but
 * those that it lists as using atomics, and none of these is used. Arrays that begin at another
 * multiple of 4 bytes than one of 16 are copied to one, so that where an array happens to lie is
 * nothing to it.
 *
 * <p>The library reads a filter output by output, and Penstock's lie the other way round: each call
 * lays it out anew in scratch memory, a filter being small beside what is computed with it. A copy
 * that is kept would take memory of every layer, and be one thread's work that others wait for.
 *
 * <p>Where an array or the workspace is too large, pictures are taken some at a time, which follows
 * from the shape alone. What the library cannot do goes to Penstock's own kernels. For one thread.
 */
final class CudnnConvolver implements Convolver {
  /** The most bytes of workspace. */
  static final long WORKSPACE = 128L << 20;

  /**
   * Slots of scratch memory: the workspace, the filter, and copies that begin at a good address.
   */
  private static final int SLOT_WORKSPACE = 6;

  private static final int SLOT_FILTER = 5;
  private static final int SLOT_PICTURES = 3;
  private static final int SLOT_PLACES = 4;

  private final CudaDevice device;
  private final Launcher launcher;
  private final int math;
  private final Convolver own;
  private final Realigned realigned;
  private final FilterKernels filters;
  private final CudnnPlans plans;
  private final Consumer<String> told;
  private long handle;
  private boolean hasTold;

  /**
   * @param own what takes the convolutions that the library does not
   * @param most bytes of workspace
   * @param told once, if the library cannot do what is asked of it
   */
  CudnnConvolver(
      CudaDevice device,
      Launcher launcher,
      ComputePrecision precision,
      Convolver own,
      long most,
      Consumer<String> told) {
    this.device = device;
    this.launcher = launcher;
    this.own = own;
    this.told = told;
    realigned = new Realigned(launcher);
    filters = new FilterKernels(launcher);
    plans = new CudnnPlans(most);
    math = precision == ComputePrecision.FLOAT32 ? Cudnn.FMA_MATH : Cudnn.DEFAULT_MATH;
  }

  @Override
  public void forward(
      Geometry geometry, INDArray input, INDArray filter, INDArray bias, INDArray output) {
    if (!compute(CudnnShape.Result.PLACES, geometry, input, filter, output)) {
      own.forward(geometry, input, filter, bias, output);
    } else if (bias != null) {
      addBias(geometry, bias, output);
    }
  }

  @Override
  public void inputGradient(
      Geometry geometry, INDArray outputGradient, INDArray filter, INDArray inputGradient) {
    if (!compute(
        CudnnShape.Result.INPUT_GRADIENT, geometry, inputGradient, filter, outputGradient)) {
      own.inputGradient(geometry, outputGradient, filter, inputGradient);
    }
  }

  @Override
  public void filterGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filterGradient) {
    if (!compute(
        CudnnShape.Result.FILTER_GRADIENT, geometry, input, filterGradient, outputGradient)) {
      own.filterGradient(geometry, input, outputGradient, filterGradient);
    }
  }

  /** Computes a result by the library; returns whether it can. If not, nothing was added to. */
  private boolean compute(
      CudnnShape.Result result,
      Geometry geometry,
      INDArray pictures,
      INDArray filter,
      INDArray places) {
    device.enter();
    CudnnShape shape = new CudnnShape(result, geometry, filter.size(0), math);
    List<CudnnPlan> all = plans.get(handle(), shape);
    if (all.isEmpty() || !run(shape, all, pictures, filter, places)) {
      tell(shape);
      return false;
    }
    return true;
  }

  private boolean run(
      CudnnShape shape, List<CudnnPlan> all, INDArray pictures, INDArray filter, INDArray places) {
    boolean gradient = shape.result() == CudnnShape.Result.FILTER_GRADIENT;
    INDArray byOutputs = launcher.scratch(SLOT_FILTER, filter.length());
    if (!gradient) {
      filters.layOut(filter, shape.filter(), byOutputs);
    }
    long first = 0;
    for (CudnnPlan plan : all) {
      if (!run(shape, plan, first, pictures, byOutputs, places)) {
        return false;
      }
      first += plan.pictures();
    }
    if (gradient) {
      filters.add(byOutputs, shape.filter(), filter);
    }
    return true;
  }

  /** Computes some pictures' part, from the first on. */
  private boolean run(
      CudnnShape shape,
      CudnnPlan plan,
      long first,
      INDArray pictures,
      INDArray byOutputs,
      INDArray places) {
    long picture = pictures.length() / shape.pictures();
    long placesOfOne = places.length() / shape.pictures();
    boolean writesPictures = shape.result() == CudnnShape.Result.INPUT_GRADIENT;
    boolean writesPlaces = shape.result() == CudnnShape.Result.PLACES;
    Realigned.Numbers x =
        realigned.numbers(
            pictures, first * picture, plan.pictures() * picture, !writesPictures, SLOT_PICTURES);
    Realigned.Numbers y =
        realigned.numbers(
            places, first * placesOfOne, plan.pictures() * placesOfOne, !writesPlaces, SLOT_PLACES);
    long workspace =
        plan.workspaceBytes() == 0
            ? 0
            : DeviceBuffer.address(
                launcher.scratch(
                    SLOT_WORKSPACE, (plan.workspaceBytes() + Float.BYTES - 1) / Float.BYTES));
    boolean adds = shape.result() == CudnnShape.Result.FILTER_GRADIENT && first > 0;
    boolean possible =
        plan.run(
            handle,
            x.address(),
            DeviceBuffer.address(byOutputs),
            y.address(),
            adds ? 1 : 0,
            workspace);
    if (possible && writesPictures) {
      realigned.written(x);
    } else if (possible && writesPlaces) {
      realigned.written(y);
    }
    return possible;
  }

  private void addBias(Geometry geometry, INDArray bias, INDArray output) {
    long outputs = bias.length();
    long all = PlaceChunk.all(geometry);
    launcher
        .kernel("product_add_bias")
        .array(output)
        .array(bias)
        .whole(output.length())
        .whole(outputs)
        .whole(all)
        .whole(all)
        .whole(1)
        .whole(0)
        .whole(geometry.rows())
        .whole(0)
        .whole(outputs * all)
        .each(output.length());
  }

  /** Says once that the library cannot do something, and what becomes of it. */
  private void tell(CudnnShape shape) {
    if (!hasTold && shape.pictures() > 0 && shape.of(1).isCountable()) {
      hasTold = true;
      told.accept(
          String.format(
              Locale.ROOT,
              "cuDNN cannot convolve %s to %d by %s and %s%s. That is made of matrix"
                  + " products, which takes more of the GPU's memory and time, and so is all else"
                  + " that cuDNN cannot do.",
              new Amount(shape.geometry().channels(), "channel"),
              shape.outputs(),
              shape.geometry().vertical(),
              shape.geometry().horizontal(),
              shape.isEven() ? "" : ": it pads both ends alike"));
    }
  }

  /** The library's handle, made when it is first wanted, for this thread's stream. */
  private long handle() {
    if (handle == 0) {
      LongByReference made = new LongByReference();
      CudnnFailure.check(Cudnn.cudnnCreate(made), "Create", device);
      handle = made.getValue();
      CudnnFailure.check(Cudnn.cudnnSetStream(handle, Driver.OWN_STREAM), "SetStream", device);
    }
    return handle;
  }

  @Override
  public void clear() {
    plans.clear();
    if (handle != 0) {
      Cudnn.cudnnDestroy(handle);
      handle = 0;
    }
    own.clear();
  }
}
