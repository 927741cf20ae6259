package io.penstock.compute.host.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PackedWeightsTest {
  /** Inputs, outputs; a page has 1,024 floats, and blocks have 8, 16, 24, 32, 48 or 64 columns. */
  private static final long[][] SIZES = {
    {1024, 1}, {1024, 17}, {1024, 64}, {1024, 100}, {1024, 1000}, {2048, 333}, {1023, 100}, {64, 64}
  };

  @BeforeAll
  static void oneDnnIsThere() {
    assumeTrue(OneDnn.isThere(), "no oneDNN for this platform");
  }

  @ParameterizedTest
  @EnumSource(ProductForm.class)
  void panelsPackTheSameBitsAsTheWholeAtOnce(ProductForm form) {
    int inPanels = 0;
    for (long[] size : SIZES) {
      for (boolean transposed : new boolean[] {false, true}) {
        PackedProduct.Size product = new PackedProduct.Size(64, size[0], size[1], true);
        memory.desc plain = form.weights(product, transposed);
        memory.desc packed = form.compile(product, OneDnn.processor()).weights_desc();
        if (!Panels.suit(plain, packed)) {
          continue;
        }
        inPanels++;
        INDArray weights = Nd4j.rand(DataType.FLOAT, size[0] * size[1]);
        int length = (int) (packed.get_size() / Float.BYTES);
        float[] whole = new float[length];
        float[] panels = new float[length];
        try (FloatPointer room = new FloatPointer(length)) {
          room.fill(-1);
          new Packing.Whole(plain, packed, room.address()).pack(weights);
          room.get(whole);
          room.fill(-1);
          Packing some = new Panels(plain, packed, room.address());
          some.pack(weights);
          some.free();
          room.get(panels);
        }
        assertArrayEquals(whole, panels, size[0] + "x" + size[1] + " " + transposed);
      }
    }
    assumeTrue(OneDnn.isWide() || inPanels > 0, "no blocks on this processor");
    assertTrue(inPanels > 0, "lines a page apart go by panels");
  }

  @ParameterizedTest
  @EnumSource(ProductForm.class)
  void linesThatBeginAnywhereArePackedAtOnce(ProductForm form) {
    for (long inputs : new long[] {1000, 1023, 1025, 784}) {
      PackedProduct.Size product = new PackedProduct.Size(64, inputs, 100, true);
      memory.desc packed = form.compile(product, OneDnn.processor()).weights_desc();
      assertFalse(Panels.suit(form.weights(product, false), packed), inputs + " inputs");
    }
  }
}
