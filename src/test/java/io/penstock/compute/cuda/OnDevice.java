package io.penstock.compute.cuda;

import io.penstock.compute.Activations;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeKind;
import io.penstock.compute.Conversions;
import io.penstock.compute.Losses;
import io.penstock.compute.Norms;
import io.penstock.compute.Products;
import io.penstock.compute.Recurrences;
import io.penstock.compute.Rows;
import io.penstock.compute.Updates;
import io.penstock.compute.Windows;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The kind of compute of a GPU, as it is asked in tests with arrays of the host's: each call copies
 * what its arguments lie in to the device, all of it, and back after the call. So the tests of the
 * other kinds are those of this one.
 */
public final class OnDevice implements ComputeKind {
  private final String id;

  /** How a kind is opened: with the stand-in of a library, or without. */
  private final UnaryOperator<Supplier<Compute>> with;

  /** With Penstock's own products and convolutions. */
  public OnDevice() {
    this("cuda", open -> open);
  }

  private OnDevice(String id, UnaryOperator<Supplier<Compute>> with) {
    this.id = id;
    this.with = with;
  }

  /** The kind for which cuBLASLt's stand-in multiplies. */
  public static OnDevice withCublas() {
    return new OnDevice("cuda with cuBLASLt", open -> () -> StandIn.withCublas(open));
  }

  /** The kind for which cuDNN's stand-in convolves. */
  public static OnDevice withCudnn() {
    return new OnDevice("cuda with cuDNN", open -> () -> StandIn.withCudnn(open));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public boolean takes(DataType type) {
    return type == DataType.FLOAT;
  }

  @Override
  public int preference() {
    return 0;
  }

  /** Opens it; where there is no stand-in, its families leave out the test that asks them. */
  @Override
  public Compute open() {
    Optional<String> problem = StandIn.problem();
    if (problem.isPresent()) {
      return compute(
          new Compute(null, null, null, null, null, null, null, null, null, () -> {}), null);
    }
    CudaDevice device = StandIn.device();
    CudaKind kind = new CudaKind(device);
    return compute(with.apply(kind::open).get(), device);
  }

  private static Compute compute(Compute compute, CudaDevice device) {
    return new Compute(
        asked(Products.class, compute.products(), device),
        asked(Rows.class, compute.rows(), device),
        asked(Norms.class, compute.norms(), device),
        asked(Windows.class, compute.windows(), device),
        asked(Activations.class, compute.activations(), device),
        asked(Recurrences.class, compute.recurrences(), device),
        asked(Losses.class, compute.losses(), device),
        asked(Updates.class, compute.updates(), device),
        asked(Conversions.class, compute.conversions(), device),
        compute.forgetting());
  }

  private static <T> T asked(Class<T> family, T kernels, CudaDevice device) {
    InvocationHandler call =
        (proxy, method, arguments) -> {
          StandIn.problem().ifPresent(Assumptions::abort);
          try (Sent sent = new Sent(device)) {
            Object[] passed = arguments == null ? null : sent.all(arguments);
            Object result = method.invoke(kernels, passed);
            sent.fetch();
            return result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return family.cast(
        Proxy.newProxyInstance(family.getClassLoader(), new Class<?>[] {family}, call));
  }
}
