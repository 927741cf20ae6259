package io.penstock.ui.tab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.penstock.event.EpochCompleted;
import io.penstock.event.PlainJson;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEnded;
import io.penstock.event.RunIncident;
import io.penstock.event.RunStarted;
import io.penstock.event.StepCompleted;
import io.penstock.event.StepMeasured;
import io.penstock.train.Validation;
import io.penstock.ui.RunState;
import java.util.List;
import java.util.OptionalDouble;

/** JSON of runs, for programs. Stateless. */
final class RunJson {
  private static final ObjectMapper MAPPER =
      PlainJson.mapper().enable(SerializationFeature.INDENT_OUTPUT);

  private RunJson() {}

  /** Outline of a run, one of many. */
  record Outline(
      String id,
      String name,
      String status,
      long started,
      double seconds,
      String schedule,
      int stages,
      int executors,
      int epochs,
      int epochsDone,
      Double loss,
      Validation validation,
      Double rowsPerSecond,
      Double bubble) {
    static Outline of(RunState run) {
      RunStarted plan = run.started();
      return new Outline(
          run.runId(),
          plan.name(),
          run.phase().name(),
          plan.time(),
          run.seconds(System.currentTimeMillis()),
          plan.schedule(),
          plan.stages().size(),
          plan.ranks(),
          plan.epochs(),
          run.epochsDone(),
          orNull(run.loss()),
          run.epochs().newest().map(EpochCompleted::validation).orElse(null),
          orNull(run.rowsPerSecond()),
          orNull(run.bubble()));
    }

    private static Double orNull(OptionalDouble value) {
      return value.isPresent() ? value.getAsDouble() : null;
    }
  }

  /** Whole of what is known of a run. */
  record Whole(
      Outline run,
      RunStarted plan,
      RanksReady ranks,
      StepCompleted step,
      List<EpochCompleted> epochs,
      StepMeasured lastStep,
      List<RunIncident> incidents,
      RunEnded end) {}

  static String of(List<RunState> runs) {
    return text(runs.stream().map(Outline::of).toList());
  }

  static String of(RunState run) {
    return text(
        new Whole(
            Outline.of(run),
            run.started(),
            run.ready(),
            run.step(),
            run.epochs().kept(),
            run.timeline(),
            run.incidents(),
            run.ended()));
  }

  private static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException cause) {
      throw new IllegalStateException(cause);
    }
  }
}
