package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.TestDevice;
import io.penstock.compute.Workspace;
import io.penstock.link.Channel;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.LinkPrecision;
import io.penstock.link.Links;
import io.penstock.link.Tag;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.IntPointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What arrays become on a link, and in the end of it, on the device that tests compute on. */
class FrameFormTest {
  private static final Tag ACTIVATION = new Tag(new Channel.Activation(1), 0, 0);

  /** Takes an array over, as the rank that sends it and the one that gets it do. */
  private static float[] across(INDArray numbers, LinkPrecision precision) {
    ComputeDevice device = TestDevice.usual();
    try (Link link = Links.open(LinkConfig.on("127.0.0.1"), device.memory())) {
      Workspace workspace = new Workspace(device, link::release);
      FrameForm form = new FrameForm(link, workspace, precision.type());
      Loan frame = form.outgoing(ACTIVATION, workspace.copy(numbers));
      assertEquals(precision.type(), frame.array().dataType());
      assertFalse(NativeArrays.isOnDevice(frame.array()));
      try (Loan array = form.incoming(ACTIVATION, frame)) {
        assertEquals(workspace.isOnDevice(), NativeArrays.isOnDevice(array.array()));
        return NativeArrays.onHost(array.array()).ravel().toFloatVector();
      } finally {
        workspace.clear();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotANumberIsNoneInTheEndWhateverItsBits(LinkPrecision precision) {
    INDArray numbers = Nd4j.rand(DataType.FLOAT, 33, 31);
    IntPointer bits = new IntPointer(numbers.data().pointer());
    Random random = new Random(1);
    for (int i = 1; i < numbers.length(); i += 2) {
      int payload = i < 46 ? 1 << i / 2 : Math.max(1, random.nextInt(1 << 23));
      bits.put(i, i % 4 << 30 | 0x7F800000 | payload);
    }
    bits.put(1, 0x7FFFFFFF); // as NVIDIA's hardware makes it
    float[] found = across(numbers, precision);
    for (int i = 0; i < found.length; i++) {
      assertEquals(i % 2 == 1, Float.isNaN(found[i]), "at " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbersAreThoseOfACastToTheTypeOfTheLink(LinkPrecision precision) {
    for (long[] shape : new long[][] {{1, 1}, {3, 5}, {64, 33}, {2, 3, 5}}) {
      INDArray numbers = Nd4j.randn(DataType.FLOAT, shape);
      float[] expected =
          numbers.castTo(precision.type()).castTo(DataType.FLOAT).ravel().toFloatVector();
      float[] found = across(numbers, precision);
      assertTrue(Arrays.equals(expected, found), precision.id());
    }
  }
}
