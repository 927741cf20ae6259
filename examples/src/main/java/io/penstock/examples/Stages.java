package io.penstock.examples;

import io.penstock.launch.job.TrainingResult;
import io.penstock.ml.PipelineParallelEstimator;

/**
 * On how many executors an example trains: its option {@code --stages}. With {@code --stages 0} the
 * plan takes as many as pay, of those that there are.
 */
final class Stages {
  private static final int USUAL = 2;

  private Stages() {}

  /** The option, for an example to declare. */
  static Option option() {
    return Option.atLeast(0, "stages", "executors, one a stage; 0: as many of those there as pay")
        .withDefault(USUAL);
  }

  /**
   * Sets it on an estimator. Of 0 comes schedule {@code auto}, unless {@code --schedule} names
   * another, which is then refused with the other params.
   */
  static void set(PipelineParallelEstimator<?> estimator, Options options) {
    int executors = options.optional("stages", 0).orElseThrow();
    estimator.setNumStages(executors);
    if (executors == 0 && !options.written().contains("schedule")) {
      estimator.setSchedule("auto");
    }
  }

  /** The result with the number of executors and, where the plan chose it, of how many. */
  static Result tell(Result result, TrainingResult training) {
    result.with("stages", training.processes().size());
    training
        .choice()
        .map(choice -> choice.byRanks().size())
        .filter(offered -> offered > 0)
        .ifPresent(offered -> result.with("stages_offered", offered));
    return result;
  }
}
