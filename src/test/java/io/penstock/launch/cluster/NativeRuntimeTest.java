package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.FreshProcess;
import io.penstock.conf.Settings;
import io.penstock.device.InstructionSet;
import io.penstock.device.Processor;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process says in its log, in one of its own: it says it once. */
@Timeout(180)
class NativeRuntimeTest {
  private static final Processor HERE = Processor.here();

  /** Passes on what is logged. */
  private static final class Passing extends AbstractAppender {
    Passing() {
      super("passing", null, null, true, Property.EMPTY_ARRAY);
      start();
    }

    @Override
    public void append(LogEvent event) {
      if (event.getLoggerName().equals(NativeRuntime.class.getName())) {
        FreshProcess.tell(event.getLevel() + " " + event.getMessage().getFormattedMessage());
      }
    }
  }

  /** Readies the process twice in an application of every instruction set that is given. */
  public static void main(String[] sets) throws Exception {
    for (String set : sets) {
      try (SparkSession spark =
          SparkSession.builder()
              .master("local[1]")
              .config(Settings.INSTRUCTION_SET.key(), set)
              .getOrCreate()) {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        context.getConfiguration().getRootLogger().removeAppender("passing");
        context.getConfiguration().getRootLogger().addAppender(new Passing(), Level.INFO, null);
        Configurator.setLevel("io.penstock", Level.INFO);
        NativeRuntime.ready(1);
        NativeRuntime.ready(1);
      }
    }
  }

  @BeforeAll
  static void assumeClass() {
    assumeTrue(
        HERE.best() != InstructionSet.OTHER,
        "the libraries choose by themselves on this processor: " + HERE);
  }

  private static List<String> told(Map<String, String> environment, String... sets)
      throws Exception {
    return FreshProcess.run(NativeRuntimeTest.class, environment, sets);
  }

  @Test
  void aProcessSaysOnceWhatItComputesWithAndThatItCannotChange() throws Exception {
    List<String> told = told(Map.of(), "auto", "avx2");
    assertEquals(2, told.size(), told::toString);
    assertTrue(told.get(0).startsWith("INFO This process computes with " + HERE), told::toString);
    assertTrue(
        told.get(1)
            .startsWith(
                "WARN spark.penstock.compute.isa is avx2, but this process took its kernels when it"
                    + " was auto"),
        told::toString);
  }

  @Test
  void slowKernelsAreToldLoudly() throws Exception {
    List<String> told = told(Map.of("OPENBLAS_CORETYPE", "Prescott"), "auto");
    assertEquals(2, told.size(), told::toString);
    assertTrue(told.get(1).startsWith("WARN OpenBLAS runs its Prescott kernels"), told::toString);
  }
}
