package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.array.NarrowNumbers;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Workspace;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Form of arrays on the link, in the host's memory and in the precision of the plan's links, and
 * where stages compute with them: on the rank's device, in floats. Numbers are rounded and widened
 * on the device, so that half as many bytes go to and fro. For one thread.
 */
final class FrameForm {
  private final Link link;

  /** Memory and operations of the thread. */
  private final Workspace workspace;

  /** Dtype of activations on the link. */
  private final DataType activations;

  FrameForm(Link link, Workspace workspace, DataType activations) {
    this.link = link;
    this.workspace = workspace;
    this.activations = activations;
  }

  /** Returns an array as it goes over the link, in place of itself. */
  Loan outgoing(Tag tag, Loan loan) {
    INDArray array = loan.array();
    boolean rounds = rounds(tag) && array.dataType() == DataType.FLOAT;
    if (!rounds && !NativeArrays.isOnDevice(array)) {
      return loan;
    }
    DataType type = rounds ? activations : array.dataType();
    return inPlaceOf(
        loan,
        () -> blank(type, array.shape()),
        rounds ? frame -> round(array, frame) : frame -> NativeArrays.copy(array, frame));
  }

  /** Returns a frame where it is wanted, in place of itself: as stages compute with it, or read. */
  Loan incoming(Tag tag, Loan loan) {
    INDArray frame = loan.array();
    boolean widens = rounds(tag) && frame.dataType() == activations;
    boolean moves = workspace.isOnDevice() && tag.channel().isComputedWith();
    if (!widens && !moves) {
      return loan;
    }
    DataType type = widens ? DataType.FLOAT : frame.dataType();
    return inPlaceOf(
        loan,
        () -> moves ? workspace.loan(type, frame.shape()) : blank(type, frame.shape()),
        widens ? array -> widen(frame, array) : array -> NativeArrays.copy(frame, array));
  }

  private boolean rounds(Tag tag) {
    return tag.channel().carriesActivations() && activations != DataType.FLOAT;
  }

  private Loan blank(DataType type, long[] shape) {
    return Loan.of(link.blank(type, shape), link::release);
  }

  /** Closes a loan once another array is made and written; both if that fails. */
  private static Loan inPlaceOf(Loan loan, Supplier<Loan> made, Consumer<INDArray> writing) {
    Loan other = null;
    try {
      try (loan) {
        other = made.get();
        writing.accept(other.array());
      }
      return other;
    } catch (Throwable failure) {
      try (Loan lost = other) {
        throw failure;
      }
    }
  }

  private void round(INDArray array, INDArray frame) {
    if (!NativeArrays.isDense(array, 'c')) {
      try (Loan dense = workspace.copy(array)) {
        round(dense.array(), frame);
      }
    } else if (NativeArrays.isOnDevice(array)) {
      try (Loan words = words(frame)) {
        workspace.compute(array).conversions().round(array, activations, words.array());
        NarrowNumbers.copy(words.array(), frame);
      }
    } else {
      workspace.compute(array).conversions().round(array, activations, frame);
    }
  }

  private void widen(INDArray frame, INDArray array) {
    if (NativeArrays.isOnDevice(array)) {
      try (Loan words = words(frame)) {
        NarrowNumbers.copy(frame, words.array());
        workspace.compute(array).conversions().widen(words.array(), activations, array);
      }
    } else {
      workspace.compute(array).conversions().widen(frame, activations, array);
    }
  }

  private Loan words(INDArray frame) {
    return workspace.loan(DataType.FLOAT, NarrowNumbers.words(frame.length()));
  }
}
