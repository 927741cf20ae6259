package io.penstock.compute.cuda;

import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Axis;
import io.penstock.compute.ComputePrecision;
import io.penstock.compute.Geometry;
import io.penstock.nn.Data;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What cuDNN is asked, and how often, on its stand-in, which needs 1,000 bytes a picture. */
@Timeout(300)
class CudnnConvolverTest {
  private static final Axis AXIS = new Axis(5, 3, 1, 1, 1);
  private static final Geometry GEOMETRY = new Geometry(7, 2, AXIS, AXIS);
  private static final int OUTPUTS = 3;
  private static final long PLENTY = 1 << 20;

  /** All three results. */
  private record Results(INDArray output, INDArray inputGradient, INDArray filterGradient) {
    void assertEqual(Results other, String message) {
      assertSameBits(output, other.output, "output, " + message);
      assertSameBits(inputGradient, other.inputGradient, "input gradient, " + message);
      assertSameBits(filterGradient, other.filterGradient, "filter gradient, " + message);
    }

    void assertNear(Results other) {
      List<INDArray> mine = List.of(output, inputGradient, filterGradient);
      List<INDArray> others = List.of(other.output, other.inputGradient, other.filterGradient);
      for (int i = 0; i < mine.size(); i++) {
        double off = mine.get(i).sub(others.get(i)).amaxNumber().doubleValue();
        assertTrue(off < 2e-5, "off by " + off);
      }
    }
  }

  private final List<String> told = new ArrayList<>();
  private StandIn driver;
  private CudaDevice device;
  private StreamLauncher launcher;
  private Convolver own;
  private Convolver convolver;
  private long liveBefore;
  private long plannedBefore;
  private long computedBefore;

  @BeforeEach
  void open() {
    driver = StandIn.fresh();
    device = StandIn.device();
    launcher = new StreamLauncher(device);
    assertTrue(StandIn.withCudnn(() -> CudnnLibrary.load(device)).isThere());
    own = new ColumnConvolver(launcher, new TiledMultiplier(launcher));
    liveBefore = driver.count("cudnn live");
    plannedBefore = driver.count("convolutions planned");
    computedBefore = driver.count("convolutions");
    convolver = convolver(ComputePrecision.FLOAT32, PLENTY);
  }

  @AfterEach
  void close() {
    if (device != null) {
      driver.refuseConvolutions(0, false);
      convolver.clear();
      assertEquals(liveBefore, driver.count("cudnn live"), "handles and plans are freed");
      launcher.clear();
      device.close();
    }
  }

  private Convolver convolver(ComputePrecision precision, long most) {
    return new CudnnConvolver(device, launcher, precision, own, most, told::add);
  }

  private long planned() {
    return driver.count("convolutions planned") - plannedBefore;
  }

  private long computed() {
    return driver.count("convolutions") - computedBefore;
  }

  /** Random numbers on the device, so many numbers behind the beginning of their memory. */
  private INDArray random(char order, int offset, int key, long... shape) {
    INDArray host = Data.random(key, DataType.FLOAT, shape);
    INDArray all = NativeArrays.array(device, DataType.FLOAT, 'c', offset + host.length());
    INDArray array = NativeArrays.view(all, offset, host.length()).reshape(order, shape);
    device.toDevice(
        host.dup(order).data().pointer().address(),
        DeviceBuffer.address(array),
        host.length() * Float.BYTES);
    return array;
  }

  private INDArray numbers(INDArray array) {
    return Nd4j.createFromArray(launcher.download(array));
  }

  private Results results(Convolver by, Geometry geometry, int offset) {
    long[] pictures = geometry.pictures();
    long[] places = geometry.places(OUTPUTS);
    long[] window = {OUTPUTS, geometry.channels(), 3, 3};
    INDArray x = random('c', offset, 1, pictures);
    INDArray g = random('c', offset, 2, places);
    INDArray filter = random('f', offset, 3, window);
    INDArray bias = random('c', offset, 4, OUTPUTS);
    INDArray output = random('c', offset, 5, places);
    INDArray inputGradient = random('c', offset, 6, pictures);
    INDArray filterGradient = random('f', offset, 7, window);
    by.forward(geometry, x, filter, bias, output);
    by.inputGradient(geometry, g, filter, inputGradient);
    by.filterGradient(geometry, x, g, filterGradient);
    return new Results(numbers(output), numbers(inputGradient), numbers(filterGradient));
  }

  private Results results() {
    return results(convolver, GEOMETRY, 0);
  }

  @Test
  void aShapeIsPlannedOnceForEachResult() {
    Results first = results();
    results().assertEqual(first, "once more");
    assertEquals(3, planned());
    assertEquals(6, computed());
    first.assertNear(results(own, GEOMETRY, 0));
    assertEquals(6, computed());
    assertEquals(List.of(), told);
  }

  @Test
  void whereAnArrayLiesChangesNothing() {
    Results expected = results();
    for (int offset = 1; offset < 5; offset++) {
      results(convolver, GEOMETRY, offset).assertEqual(expected, "from number " + offset + " on");
    }
    assertEquals(3, planned());
  }

  /** 7 pictures are 4 and 3, 4 are 2 and 2, and 3 are 2 and 1. */
  @Test
  void asManyPicturesAreTakenAsTheWorkspaceAllows() {
    Results expected = results();
    convolver.clear();
    convolver = convolver(ComputePrecision.FLOAT32, 2500);
    long before = computed();
    Results some = results();
    assertEquals(before + 3 * 4, computed());
    assertSameBits(expected.output, some.output, "output");
    assertSameBits(expected.inputGradient, some.inputGradient, "input gradient");
    some.assertNear(expected);
    results().assertEqual(some, "once more");
  }

  @Test
  void whatDoesNotFitIntoTheWorkspaceIsMadeOfProducts() {
    convolver.clear();
    convolver = convolver(ComputePrecision.FLOAT32, 999);
    results().assertEqual(results(own, GEOMETRY, 0), "as without the library");
    assertEquals(0, computed());
  }

  @Test
  void whatTheLibraryRefusesIsMadeOfProducts() {
    Results expected = results(own, GEOMETRY, 0);
    driver.refuseConvolutions(GEOMETRY.channels(), false);
    results().assertEqual(expected, "when it is planned");
    results().assertEqual(expected, "once more");
    assertEquals(3, planned());
    assertEquals(1, told.size(), "told once");
    assertTrue(told.get(0).contains("2 channels to 3 by windows of 3 over 5"), told.get(0));
    convolver.clear();
    driver.refuseConvolutions(GEOMETRY.channels(), true);
    results().assertEqual(expected, "when it is asked for");
    results().assertEqual(expected, "once more");
    assertEquals(6, planned());
    assertEquals(0, computed());
  }

  /** The library pads both ends alike, where padding to ceil(length / stride) places does not. */
  @Test
  void unevenPaddingIsMadeOfProducts() {
    Axis same = Axis.same(6, 3, 2);
    Geometry geometry = new Geometry(2, 2, same, same);
    results(convolver, geometry, 0).assertEqual(results(own, geometry, 0), "as without");
    assertEquals(0, planned());
    assertTrue(told.get(0).contains("it pads both ends alike"), told.get(0));
  }

  @Test
  void noPicturesAreNoWork() {
    Geometry none = new Geometry(0, 2, AXIS, AXIS);
    INDArray filter = random('f', 0, 3, OUTPUTS, 2, 3, 3);
    INDArray sum = random('f', 0, 7, OUTPUTS, 2, 3, 3);
    INDArray before = numbers(sum);
    INDArray nothing = Nd4j.empty(DataType.FLOAT);
    convolver.forward(none, nothing, filter, null, nothing);
    convolver.inputGradient(none, nothing, filter, nothing);
    convolver.filterGradient(none, nothing, nothing, sum);
    assertSameBits(before, numbers(sum), "sum");
    assertEquals(0, planned());
    assertEquals(List.of(), told);
  }

  @Test
  void factorsAreRoundedToTf32WhereItIsAllowed() {
    float fine = 1 + 1f / (1 << 12);
    assertEquals(fine * fine, square(fine));
    for (ComputePrecision rounding : List.of(ComputePrecision.TF32, ComputePrecision.BFLOAT16)) {
      convolver.clear();
      convolver = convolver(rounding, PLENTY);
      assertEquals(1, square(fine), rounding.id());
    }
  }

  private float square(float number) {
    Axis one = new Axis(1, 1, 1, 0, 0);
    INDArray factor = random('c', 0, 1, 1, 1, 1, 1);
    device.toDevice(
        Nd4j.createFromArray(number).data().pointer().address(),
        DeviceBuffer.address(factor),
        Float.BYTES);
    INDArray output = random('c', 0, 2, 1, 1, 1, 1);
    convolver.forward(new Geometry(1, 1, one, one), factor, factor, null, output);
    return numbers(output).getFloat(0);
  }

  @Test
  void aFailureOfTheLibraryIsNamed() {
    device.enter();
    CudnnShape shape = new CudnnShape(CudnnShape.Result.PLACES, GEOMETRY, OUTPUTS, Cudnn.FMA_MATH);
    String message = assertThrows(CudaException.class, () -> new CudnnPlan(0, shape)).getMessage();
    assertTrue(
        message.contains("cudnnGetConvolution")
            && message.contains("CUDNN_STATUS_BAD_PARAM (2000)")
            && message.contains("outputs=3")
            && message.contains(CudnnLibrary.LIBRARY),
        message);
  }
}
