package io.penstock.docs;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettersTest {
  private static List<String> complaints(String name) {
    return Setters.complaints(Bad.page("# Title\n\nSee `" + name + "`.\n").spans().get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "setNumStages",
        "classifier.setNumStages(0).setSchedule(\"auto\")",
        ".setEpochs(",
        "model.setPredictionCol(\"p\")",
        "sparkContext.setCheckpointDir",
        "settings",
      })
  void aSetterThatIsThereMayBeNamed(String name) {
    Bad.assertNone(complaints(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "setNumStagse",
        "classifier.setNumStages(0).setSchedules(\"auto\")",
        ".setEpoch(",
        "model.setPredictionsCol(\"p\")",
        "sparkContext.setCheckpointsDir",
      })
  void aSetterThatNobodyHasIsRefusedWithItsPlace(String name) {
    Bad.assertComplaint(3, "has a method set", complaints(name));
  }
}
