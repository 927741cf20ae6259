package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import dev.ludovic.netlib.lapack.NativeLAPACK;
import io.penstock.FreshProcess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.factory.Nd4j;
import org.netlib.util.intW;

/** In processes of their own: what is loaded stays. */
@Timeout(180)
class SharedBlasTest {
  /** Loads ND4J, and then computes as MLlib does. */
  public static void main(String[] words) {
    ChosenKernels.choose(Optional.empty(), 1);
    Nd4j.create(1).addi(1);
    BLAS blas = NativeBLAS.getInstance();
    Random random = new Random(1);
    for (int size = 1; size < 70; size += 3) {
      double[] a = random.doubles((long) size * size).toArray();
      double[] b = random.doubles((long) size * size).toArray();
      double[] own = new double[size * size];
      double[] plain = new double[size * size];
      blas.dgemm("N", "T", size, size, size, 1, a, size, b, size, 0, own, size);
      BLAS java = dev.ludovic.netlib.blas.JavaBLAS.getInstance();
      java.dgemm("N", "T", size, size, size, 1, a, size, b, size, 0, plain, size);
      for (int i = 0; i < own.length; i++) {
        if (Math.abs(own[i] - plain[i]) > 1e-9) {
          FreshProcess.tell("wrong at size " + size);
          return;
        }
      }
    }
    double[] matrix = {4, 1, 1, 3};
    intW info = new intW(0);
    NativeLAPACK.getInstance().dpotrf("L", 2, matrix, 2, info);
    FreshProcess.tell("right, and the root of 4 is " + matrix[0]);
  }

  @Test
  void mllibsProductsRunBesideNd4jWhateverBlasTheSystemHas() throws Exception {
    String system = System.getProperty("os.name") + System.getProperty("os.arch");
    assumeTrue(system.startsWith("Linux"), "libraries have other names on " + system);
    List<String> told = FreshProcess.run(SharedBlasTest.class, Map.of());
    assertEquals(List.of("right, and the root of 4 is 2.0"), told);
  }
}
