package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class SkippedTestsTest {
  /** Not found by itself: its name does not end as those of tests do. */
  static class WithoutTool {
    @BeforeAll
    static void look() {
      assumeTrue(false, "no tool: install it");
    }

    @Test
    void usesIt() {}
  }

  static class Some {
    @Test
    void first() {
      assumeTrue(false, "one GPU only");
    }

    @Test
    void second() {
      assumeTrue(false, "one GPU only");
    }

    @Test
    void third() {}
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class Off {
    @Test
    @Disabled("not on this system")
    void never() {}
  }

  @Test
  void everyReasonIsPrintedOnceForAClass() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Launcher launcher =
        LauncherFactory.create(
            LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build());
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                selectClass(WithoutTool.class), selectClass(Some.class), selectClass(Off.class))
            .build();
    launcher.execute(request, new SkippedTests(new PrintStream(out, true, StandardCharsets.UTF_8)));
    assertEquals(
        """
        SKIPPED SkippedTestsTest$Off: not on this system
        SKIPPED SkippedTestsTest$Some: one GPU only (2 tests)
        SKIPPED SkippedTestsTest$WithoutTool: no tool: install it
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void everyModuleHasIt() {
    assertTrue(
        ServiceLoader.load(TestExecutionListener.class).stream()
            .anyMatch(found -> found.type() == SkippedTests.class));
  }
}
