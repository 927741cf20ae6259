package io.penstock.docs;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricNamesTest {
  private static final MetricNames METRICS = MetricNames.of(Sources.of(Repository.OWN));

  private static List<String> complaints(String name) {
    return METRICS.complaints(Bad.page("# Title\n\nSee `" + name + "`.\n").spans().get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rank0.stepTime",
        "rank1.stage3.busySeconds",
        "run.loss",
        "runs.failed",
        "spark.task.cpus",
      })
  void aMetricThatIsRegisteredMayBeNamed(String name) {
    Bad.assertNone(complaints(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rank0.stepTimes",
        "rank0.steptime",
        "rank1.stage3.busy",
        "run.losses",
        "runs.lost",
      })
  void aMetricThatNobodyRegistersIsRefusedWithItsPlace(String name) {
    Bad.assertComplaint(3, "no metric is registered as '", complaints(name));
  }
}
