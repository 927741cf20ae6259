package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.penstock.FreshProcess;
import io.penstock.device.InstructionSet;
import io.penstock.device.Processor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.factory.Nd4j;

/** In processes of their own: the libraries look at the environment once. */
@Timeout(180)
class ChosenKernelsTest {
  private static final Processor HERE = Processor.here();

  /** Chooses for every argument in turn, and then says what it computes with. */
  public static void main(String[] words) {
    for (String word : words) {
      if (word.equals("load")) {
        Nd4j.create(1);
      } else if (word.equals("threads")) {
        ChosenKernels.choose(Optional.empty(), 3);
        Function getenv = NativeLibrary.getInstance("c").getFunction("getenv");
        for (String variable : new String[] {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}) {
          FreshProcess.tell(variable + getenv.invokeString(new Object[] {variable}, false));
        }
        return;
      } else {
        ChosenKernels.choose(InstructionSet.asked(word), 1)
            .ifPresent(told -> FreshProcess.tell(told));
      }
    }
    Nd4j.create(1);
    Arithmetic here = Arithmetic.here(1);
    FreshProcess.tell(here.line());
    here.complaint().ifPresent(told -> FreshProcess.tell(told));
  }

  private static List<String> told(Map<String, String> environment, String... words)
      throws Exception {
    return FreshProcess.run(ChosenKernelsTest.class, environment, words);
  }

  private static void assumeClass() {
    assumeTrue(
        HERE.best() != InstructionSet.OTHER,
        "the libraries choose by themselves on this processor: " + HERE);
  }

  @Test
  void theLibrariesTakeTheKernelsOfTheProcessorsClass() throws Exception {
    assumeClass();
    List<String> told = told(Map.of(), "auto");
    assertEquals(1, told.size(), told::toString);
    String oneDnn = HERE.best().oneDnn().orElseThrow().toLowerCase(Locale.ROOT);
    assertTrue(told.get(0).contains(" " + oneDnn + ", OpenBLAS "), told::toString);
    assertTrue(
        told.get(0).contains(" " + HERE.best().openBlas().orElseThrow() + ","), told::toString);
    assertTrue(told.get(0).endsWith("by the processor's class"), told::toString);
  }

  @Test
  void whatIsAskedForGoesOverAnEnvironmentOfGenericKernels() throws Exception {
    assumeClass();
    Map<String, String> generic =
        Map.of("ONEDNN_MAX_CPU_ISA", "SSE41", "OPENBLAS_CORETYPE", "Prescott");
    List<String> told = told(generic, "avx2");
    assertEquals(1, told.size(), told::toString);
    assertTrue(
        told.get(0).matches(".*oneDNN \\S+ avx2, OpenBLAS \\S+ Haswell, .*"), told::toString);
  }

  @Test
  void theLibrariesStartNoMoreThreadsThanATaskHasUnlessTheEnvironmentSaysSo() throws Exception {
    List<String> told = told(Map.of("OMP_NUM_THREADS", "", "OPENBLAS_NUM_THREADS", "2"), "threads");
    assertEquals(List.of("OMP_NUM_THREADS3", "OPENBLAS_NUM_THREADS2"), told);
  }

  @Test
  void genericKernelsOfTheEnvironmentStayAndAreTold() throws Exception {
    assumeClass();
    List<String> told = told(Map.of("OPENBLAS_CORETYPE", "Prescott"), "auto");
    assertEquals(2, told.size(), told::toString);
    assertTrue(told.get(0).contains("by OPENBLAS_CORETYPE of the environment"), told::toString);
    assertTrue(told.get(1).startsWith("OpenBLAS runs its Prescott kernels on "), told::toString);
  }

  @Test
  void aProcessThatHasChosenSaysThatItCannotChange() throws Exception {
    assumeClass();
    List<String> told = told(Map.of(), "avx2", "avx2", "auto");
    assertEquals(2, told.size(), told::toString);
    assertTrue(
        told.get(0)
            .startsWith(
                "spark.penstock.compute.isa is auto, but this process took its kernels when it was"
                    + " avx2"),
        told::toString);
    assertTrue(told.get(1).contains(" Haswell, 1 thread, "), told::toString);
  }

  @Test
  void librariesThatWereLoadedBeforeTheChoiceAreTold() throws Exception {
    assumeClass();
    List<String> told = told(Map.of("OPENBLAS_CORETYPE", "Nehalem"), "load", "avx2");
    assertTrue(told.size() == 2, told::toString);
    assertTrue(told.get(1).contains("loaded before Penstock could tell it"), told::toString);
  }
}
