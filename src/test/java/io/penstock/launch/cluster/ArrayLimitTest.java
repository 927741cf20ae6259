package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.FreshProcess;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Limits hold for a process, so each is tried in a process of its own. */
class ArrayLimitTest {
  private static final long MIB = 1 << 20;

  /** An executor that may take 100 MiB for arrays. */
  static final class Hundred {
    private static final SparkConf CONF =
        new SparkConf(false)
            .set("spark.master", "spark://here:7077")
            .set("spark.executor.memory", "7m")
            .set("spark.executor.memoryOverhead", "100m");

    private Hundred() {}

    public static void main(String[] arguments) {
      ArrayLimit.announce(CONF);
      ArrayLimit limit = new ArrayLimit(ExecutorMemory.of(CONF));
      limit.renew();
      FreshProcess.tell(Long.toString(Pointer.maxBytes() / MIB));
      FreshProcess.tell(Long.toString(Pointer.maxPhysicalBytes()));
      FreshProcess.tell(outcome(limit, () -> new BytePointer(101 * MIB)));
      FreshProcess.tell(outcome(limit, () -> array(101)));
      FreshProcess.tell(outcome(limit, () -> array(90)));
      BytePointer held = new BytePointer(60 * MIB);
      limit.renew();
      FreshProcess.tell(outcome(limit, () -> array(50)));
      FreshProcess.tell(outcome(limit, () -> array(30)));
      held.close();
      limit.renew();
      FreshProcess.tell(outcome(limit, () -> array(50)));
    }

    private static INDArray array(long mebibytes) {
      return Nd4j.createUninitialized(DataType.INT8, mebibytes * MIB);
    }

    private static String outcome(ArrayLimit limit, java.util.function.Supplier<?> allocation) {
      try {
        Object made = allocation.get();
        if (made instanceof INDArray array) {
          array.close();
        }
        return "made";
      } catch (Throwable refused) {
        Throwable told = limit.explained(new IllegalStateException(refused));
        return told.getClass().getSimpleName() + " " + told.getMessage();
      }
    }
  }

  @Test
  void arraysOfNd4jAndMemoryOfJavaCppCountTogether() throws Exception {
    List<String> told = FreshProcess.run(Hundred.class, Map.of());
    assertEquals(List.of("100", "0"), told.subList(0, 2), "nobody counts what is resident");
    assertRefused(told.get(2));
    assertRefused(told.get(3));
    assertEquals("made", told.get(4));
    assertRefused(told.get(5));
    assertEquals(List.of("made", "made"), told.subList(6, 8));
  }

  private static void assertRefused(String told) {
    assertTrue(
        told.startsWith(
            "OutOfNativeMemoryException The native arrays of this process are at their limit: an"
                + " executor may allocate 100 MiB (spark.executor.memoryOverhead). Set --conf"
                + " spark.executor.memoryOverhead=150m or more, "),
        told);
  }

  /** An executor in a container. */
  static final class Container {
    private Container() {}

    public static void main(String[] arguments) {
      ArrayLimit.announce(
          new SparkConf(false)
              .set("spark.master", "yarn")
              .set("spark.executor.memory", "700m")
              .set("spark.executor.memoryOverhead", "3g"));
      FreshProcess.tell(Long.toString(Pointer.maxBytes() / MIB));
      FreshProcess.tell(Long.toString(Pointer.maxPhysicalBytes() / MIB));
    }
  }

  @Test
  void aContainersSizeBoundsWhatIsResident() throws Exception {
    long arrays = 3072 - ExecutorMemory.JVM_BYTES / MIB;
    assertEquals(
        List.of(Long.toString(arrays), "3772"), FreshProcess.run(Container.class, Map.of()));
  }

  /** An executor whose user has set JavaCPP's own limits. */
  static final class Set {
    private Set() {}

    public static void main(String[] arguments) {
      System.setProperty("org.bytedeco.javacpp.maxbytes", "11m");
      System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "12g");
      ArrayLimit.announce(Hundred.CONF);
      FreshProcess.tell(Long.toString(Pointer.maxBytes() / MIB));
      FreshProcess.tell(Long.toString(Pointer.maxPhysicalBytes() / MIB));
    }
  }

  @Test
  void whatTheUserHasSetStays() throws Exception {
    assertEquals(List.of("11", "12288"), FreshProcess.run(Set.class, Map.of()));
  }

  @Test
  void otherFailuresStayAsTheyAre() {
    ArrayLimit limit = new ArrayLimit(ExecutorMemory.of(Hundred.CONF));
    for (Throwable other :
        List.of(new OutOfMemoryError("Java heap space"), new IllegalStateException("limits"))) {
      assertSame(other, limit.explained(other));
    }
  }
}
