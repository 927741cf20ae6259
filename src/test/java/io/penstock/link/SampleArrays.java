package io.penstock.link;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays of every type, ordering, number of dimensions and kind of view. */
final class SampleArrays {
  private SampleArrays() {}

  private static INDArray random(DataType type, char ordering, long... shape) {
    return Nd4j.rand(DataType.DOUBLE, shape).muli(200).castTo(type).dup(ordering);
  }

  static List<INDArray> ofEveryKind() {
    List<INDArray> arrays = new ArrayList<>();
    for (DataType type :
        new DataType[] {
          DataType.DOUBLE, DataType.FLOAT, DataType.HALF, DataType.BFLOAT16, DataType.INT8,
          DataType.UINT8, DataType.INT16, DataType.INT32, DataType.INT64, DataType.BOOL
        }) {
      arrays.add(random(type, 'c', 5, 7));
      arrays.add(random(type, 'f', 5, 7));
    }
    for (char ordering : new char[] {'c', 'f'}) {
      arrays.add(random(DataType.FLOAT, ordering, 1));
      arrays.add(random(DataType.FLOAT, ordering, 9));
      arrays.add(random(DataType.FLOAT, ordering, 1, 9));
      arrays.add(random(DataType.FLOAT, ordering, 9, 1));
      arrays.add(random(DataType.FLOAT, ordering, 2, 3, 4));
      arrays.add(random(DataType.FLOAT, ordering, 2, 3, 4, 5));
      arrays.add(random(DataType.FLOAT, ordering, 700, 1024));
      INDArray whole = random(DataType.FLOAT, ordering, 6, 8);
      arrays.add(whole.get(NDArrayIndex.interval(2, 5), NDArrayIndex.all()));
      arrays.add(whole.get(NDArrayIndex.all(), NDArrayIndex.interval(2, 5)));
      arrays.add(whole.get(NDArrayIndex.interval(0, 2, 6), NDArrayIndex.interval(1, 3)));
      arrays.add(whole.getRow(3, true));
      arrays.add(whole.getColumn(3, true));
      arrays.add(whole.transpose());
      arrays.add(random(DataType.FLOAT, ordering, 2, 3, 4).permute(2, 0, 1));
    }
    arrays.add(Nd4j.scalar(3.5f));
    arrays.add(Nd4j.ones(DataType.FLOAT, 1, 4).broadcast(3, 4));
    return arrays;
  }

  static byte[] bytes(INDArray array) {
    ByteBuffer memory = Tensors.memory(Tensors.dense(array));
    byte[] copy = new byte[memory.remaining()];
    memory.get(copy);
    return copy;
  }
}
