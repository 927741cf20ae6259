package io.penstock.testing;

import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints, when tests have run, which were skipped and why, a line for each class and reason:
 * Maven's console only counts them. JUnit finds it as a service.
 */
public final class SkippedTests implements TestExecutionListener {
  private static final String ASSUMPTION = "Assumption failed: ";

  private final PrintStream out;
  private final Map<String, Integer> reasons = new TreeMap<>();

  /** Prints to standard output, as it is when the tests have run. */
  public SkippedTests() {
    this(null);
  }

  SkippedTests(PrintStream out) {
    this.out = out;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    add(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      add(test, result.getThrowable().map(Throwable::getMessage).orElse(null));
    }
  }

  private synchronized void add(TestIdentifier test, String reason) {
    String why = Optional.ofNullable(reason).orElse("no reason is given").strip();
    if (why.startsWith(ASSUMPTION)) {
      why = why.substring(ASSUMPTION.length());
    }
    reasons.merge("SKIPPED " + name(test) + ": " + why, 1, Integer::sum);
  }

  private static String name(TestIdentifier test) {
    TestSource source = test.getSource().orElse(null);
    String full =
        source instanceof MethodSource method
            ? method.getClassName()
            : source instanceof ClassSource type ? type.getClassName() : test.getDisplayName();
    return full.substring(full.lastIndexOf('.') + 1);
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    PrintStream to = out == null ? System.out : out;
    reasons.forEach(
        (line, times) -> to.println(times == 1 ? line : line + " (" + times + " tests)"));
    reasons.clear();
  }
}
