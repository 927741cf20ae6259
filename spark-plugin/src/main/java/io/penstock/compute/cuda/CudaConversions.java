package io.penstock.compute.cuda;

import io.penstock.array.NarrowNumbers;
import io.penstock.compute.Conversions;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Conversions by kernels of ours: {@code conversions.cu}. For one thread. */
final class CudaConversions implements Conversions {
  private final Launcher launcher;

  CudaConversions(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public void round(INDArray numbers, DataType type, INDArray words) {
    NarrowNumbers.requireWords(numbers, type, words);
    convert("round_to_" + name(type), numbers, words, numbers.length());
  }

  @Override
  public void widen(INDArray words, DataType type, INDArray numbers) {
    NarrowNumbers.requireWords(numbers, type, words);
    convert("widen_" + name(type), words, numbers, numbers.length());
  }

  private void convert(String kernel, INDArray from, INDArray to, long count) {
    launcher
        .kernel(kernel)
        .array(from)
        .array(to)
        .whole(count)
        .each(CudaRows.shares(NarrowNumbers.words(count)));
  }

  private static String name(DataType type) {
    return type == DataType.HALF ? "float16" : "bfloat16";
  }
}
