package io.penstock.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.RunEnded.Outcome;
import io.penstock.event.RunIncident.Kind;
import io.penstock.train.ActionTime;
import io.penstock.train.RankTimes;
import io.penstock.train.Validation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.util.JsonProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RunEventTest {
  private static final List<ActionTime> ACTIONS =
      List.of(new ActionTime("0F0", 1, 2, 3), new ActionTime("0B0", 3, 4, 5));

  private static RunStarted started(Forecast forecast) {
    LayerPlan layer = new LayerPlan(0, "Dense", "[4]", "[8]", 40, "Dense[\"<b>\"]");
    StagePlan stage = new StagePlan(0, 0, List.of(layer), 480, 128, 2, false);
    return new RunStarted("run", 1, "uid", "1f1b", List.of(stage), 4, 2, 4, 16, 5, 7, forecast);
  }

  static Stream<RunEvent> events() {
    RankTimes times = new RankTimes(2, 1.5, 0.25, 0.125, 0.0625, 10, 20, 16, 12, 1, 30, null);
    Validation found = new Validation(3, 0.25, "accuracy", 0.5);
    return Stream.of(
        started(new Forecast(0.5, 0.25, "2 executors do \"not\" pay")),
        started(new Forecast(null, 0.25, null)),
        new RanksReady(
            "run",
            2,
            1,
            List.of(new RankPlace(0, "driver", "host", 3, List.of("0"))),
            90,
            0,
            List.of("computes")),
        new StepCompleted("run", 3, 0, 5, 2, 6, 32, 0.5, 0.25),
        new EpochCompleted("run", 4, 1, 5, 100, 0.5, found, 2, 50, 0.125, List.of(times)),
        new EpochCompleted("run", 4, 1, 5, 100, 0.5, null, 2, 50, 0.125, List.of(times)),
        StepMeasured.of("run", 5, 0, List.of(ACTIONS, List.of()), false),
        new RunIncident("run", 6, Kind.CHECKPOINT, -1, 0, 0.5, "hdfs:///\"x\""),
        new RunEnded("run", 7, Outcome.SUCCEEDED, null, null, null, "", 5, 3, 9, 0.5, 100.0, 0.25),
        RunIncident.failure("run", 6, FailureKind.EXECUTOR_LOST, 1, "host", "it is gone"),
        RunIncident.failure("run", 6, FailureKind.DRIVER_FAILED, -1, null, "no\nroom"),
        failed(FailureKind.STALLED, 1, "host"),
        failed(FailureKind.DRIVER_FAILED, null, null));
  }

  private static RunEnded failed(FailureKind failure, Integer rank, String host) {
    return new RunEnded(
        "run", 7, Outcome.FAILED, failure, rank, host, "no\nroom", 0, null, 9, null, null, null);
  }

  @ParameterizedTest
  @MethodSource("events")
  void itComesBackFromTheEventLog(RunEvent event) {
    String json = JsonProtocol.sparkEventToJsonString(event);
    assertEquals(event, JsonProtocol.sparkEventFromJson(json), json);
  }

  @Test
  void aLogFromBeforeThereWasAdviceIsRead() {
    RunStarted event = started(new Forecast(0.5, 0.25, null));
    String json = JsonProtocol.sparkEventToJsonString(event);
    String before = json.replaceFirst(",\\s*\"advice\"\\s*:\\s*null", "");
    assertFalse(before.contains("advice"), before);
    assertEquals(event, JsonProtocol.sparkEventFromJson(before), before);
  }

  @Test
  void ranksOfAnOlderLogDoNotTellWhatTheyComputeWith() {
    RanksReady now = new RanksReady("run", 2, 1, List.of(), 90, 0, List.of("computes with x"));
    String json = JsonProtocol.sparkEventToJsonString(now);
    String old = json.replaceAll(",\\s*\"arithmetic\"\\s*:\\s*\\[[^]]*]", "");
    assertNotEquals(json, old);
    assertEquals(
        new RanksReady("run", 2, 1, List.of(), 90, 0, List.of()),
        JsonProtocol.sparkEventFromJson(old));
  }

  @Test
  void failuresOfAnOlderLogAreKnownByTheirFormerNames() {
    String now =
        JsonProtocol.sparkEventToJsonString(
            RunIncident.failure("run", 6, FailureKind.JOB_FAILED, 1, "host", "it"));
    Map<String, FailureKind> former =
        Map.of(
            "EXECUTOR_LOST", FailureKind.EXECUTOR_LOST,
            "RANK_FAILED", FailureKind.EXCEPTION,
            "CONNECTION_LOST", FailureKind.LINK_BROKEN,
            "CHECKPOINT_FAILED", FailureKind.CHECKPOINT_FAILED);
    former.forEach(
        (name, kind) ->
            assertEquals(
                RunIncident.failure("run", 6, kind, 1, null, "it"),
                JsonProtocol.sparkEventFromJson(
                    without(now, "failure", "host").replace("\"FAILURE\"", '"' + name + '"'))));
  }

  @Test
  void anOlderLogDoesNotTellWhereARunFailed() {
    String now = JsonProtocol.sparkEventToJsonString(failed(FailureKind.STALLED, 1, "host"));
    assertEquals(
        failed(null, null, null),
        JsonProtocol.sparkEventFromJson(without(now, "failure", "rank", "host")));
  }

  private static String without(String json, String... fields) {
    String left = json;
    for (String field : fields) {
      String less = left.replaceFirst(",\\s*\"" + field + "\"\\s*:\\s*[^,}]*", "");
      assertNotEquals(left, less, field);
      left = less;
    }
    return left;
  }

  @Test
  void noneIsLeftOut() {
    Set<Class<?>> tested = events().map(RunEvent::getClass).collect(Collectors.toSet());
    assertEquals(Set.copyOf(Arrays.asList(RunEvent.class.getPermittedSubclasses())), tested);
  }

  @Test
  void theEventLogGetsTheTimelinesOfFewEpochsAndOfTheEnd() {
    List<Integer> logged =
        Stream.iterate(0, epoch -> epoch + 1)
            .limit(40)
            .filter(epoch -> StepMeasured.of("run", 1, epoch, List.of(ACTIONS), false).logEvent())
            .toList();
    assertEquals(List.of(0, 1, 3, 7, 15, 31), logged);
    assertTrue(StepMeasured.of("run", 1, 4, List.of(ACTIONS), true).logEvent());
  }

  @Test
  void aTimelineIsBoundedAndSaysSo() {
    List<ActionTime> many =
        Stream.generate(() -> ACTIONS.get(0)).limit(StepMeasured.MOST_ACTIONS).toList();
    StepMeasured bounded = StepMeasured.of("run", 1, 0, List.of(many, many, ACTIONS), false);
    assertFalse(bounded.whole());
    assertEquals(List.of(1365, 1365, 2), bounded.actions().stream().map(List::size).toList());
    assertTrue(StepMeasured.of("run", 1, 0, List.of(many), false).whole());
  }

  @Test
  void aStageHoldsItsStateAndTheActivationsInFlight() {
    LayerPlan layer = new LayerPlan(0, "Dense", "[4]", "[8]", 40, "");
    StagePlan stage = new StagePlan(0, 0, List.of(layer, layer), 480, 128, 2, false);
    assertEquals(80, stage.parameters());
    assertEquals(480 + 2 * 128, stage.bytes());
  }
}
