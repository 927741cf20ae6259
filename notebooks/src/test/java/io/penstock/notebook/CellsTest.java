package io.penstock.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;

/** The library's own functions of these names would look for a client in another kernel. */
class CellsTest {
  private static final SparkKernel KERNEL = SparkKernel.ofThisProcess();

  @BeforeAll
  static void connect() throws Exception {
    ConnectionProperties nowhere =
        new ConnectionProperties(1, 2, "tcp", "hmac-sha256", 3, 4, "127.0.0.1", 5, "");
    KERNEL.registerChannels(new Channels(nowhere));
  }

  @Test
  void aCellDisplaysThroughTheKernelThatRunsIt() throws Exception {
    KERNEL.eval("String id = display(\"text/html\", \"<b>1</b>\");");
    KERNEL.eval("updateDisplay(id, 2);");
    KERNEL.eval("updateDisplay(display(1), \"text/html\", \"<b>2</b>\");");
  }

  @Test
  void aCellEvaluatesInTheKernelThatRunsIt() throws Exception {
    KERNEL.eval("int twenty = 20;");
    KERNEL.eval("Object sum = eval(\"twenty + 1\");");
    assertEquals(KERNEL.eval("21").data(), KERNEL.eval("sum").data());
  }

  @Test
  void theLibrarysOtherFunctionsStay() throws Exception {
    assertNotNull(KERNEL.eval("displaySystem().hashCode()"));
    assertNotNull(KERNEL.eval("options()"));
  }
}
