package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.FreshProcess;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DriverTest {
  /** A process that looks for GPUs by the library of that path. */
  public static final class Looks {
    private Looks() {}

    public static void main(String[] arguments) {
      System.setProperty(Driver.LIBRARY, arguments[0]);
      try {
        FreshProcess.tell(CudaGpu.all().toString());
      } catch (CudaException e) {
        FreshProcess.tell(e.trouble() + " " + e.getMessage());
      }
    }
  }

  private static String told(String library) throws Exception {
    List<String> words = FreshProcess.run(Looks.class, Map.of(), library);
    assertEquals(1, words.size());
    return words.get(0);
  }

  @Test
  void aMachineWithoutADriverIsToldSo() throws Exception {
    String words = told("/nowhere/libcuda.so.1");
    assertTrue(words.startsWith("DRIVER "), words);
    assertTrue(words.contains("/nowhere/libcuda.so.1"), words);
    assertTrue(words.contains("requireGpu false"), words);
    assertFalse(words.contains("resource path"), words);
  }

  @Test
  void aLibraryThatIsNoDriverIsRefused() throws Exception {
    String words = told("c");
    assertTrue(words.startsWith("DRIVER "), words);
    assertTrue(words.contains("looking up function"), words);
  }
}
