package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class TensorsTest {
  private final INDArray matrix = Nd4j.arange(12).castTo(DataType.FLOAT).reshape('c', 3, 4);

  @Test
  void wholeArraysAndRunsOfRowsAreDense() {
    assertSame(matrix, Tensors.dense(matrix));
    INDArray rows = matrix.get(NDArrayIndex.interval(1, 3), NDArrayIndex.all());
    assertSame(rows, Tensors.dense(rows));
    FloatBuffer memory = Tensors.memory(rows).asFloatBuffer();
    assertEquals(8, memory.remaining());
    assertEquals(4f, memory.get(0));
    assertEquals(11f, memory.get(7));
  }

  @Test
  void aViewWithGapsIsCopiedInItsOwnOrdering() {
    INDArray columns = matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3));
    INDArray dense = Tensors.dense(columns);
    assertNotSame(columns, dense);
    assertEquals(columns, dense);
    assertEquals(columns.ordering(), dense.ordering());
  }

  @Test
  void memoryIsNotACopy() {
    Tensors.memory(matrix).asFloatBuffer().put(5, 42f);
    assertEquals(42f, matrix.getFloat(1, 1));
    assertTrue(Tensors.memory(matrix).isDirect());
  }

  @Test
  void anArrayOfAWorkspaceLeavesIt() {
    try (MemoryWorkspace scope =
        Nd4j.getWorkspaceManager()
            .getAndActivateWorkspace(
                WorkspaceConfiguration.builder().initialSize(1 << 16).build(), "TensorsTest")) {
      INDArray attached = Nd4j.ones(3);
      assertTrue(attached.isAttached());
      assertTrue(!Tensors.shareable(attached).isAttached());
    }
    assertSame(matrix, Tensors.shareable(matrix));
  }

  @Test
  void nothingAndTextAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Tensors.shareable(Nd4j.empty(DataType.FLOAT)));
    assertThrows(IllegalArgumentException.class, () -> Tensors.shareable(Nd4j.create("text")));
  }
}
