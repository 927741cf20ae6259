package io.penstock.ui;

import io.penstock.launch.EpochCompleted;
import io.penstock.launch.Forecast;
import io.penstock.launch.LayerPlan;
import io.penstock.launch.RankPlace;
import io.penstock.launch.RanksReady;
import io.penstock.launch.RunEnded;
import io.penstock.launch.RunIncident;
import io.penstock.launch.RunStarted;
import io.penstock.launch.StagePlan;
import io.penstock.launch.StepCompleted;
import io.penstock.train.RankTimes;
import java.util.List;

/** Events of a run of one stage and ten epochs that began at 1000 ms. */
final class Samples {
  private Samples() {}

  static RunStarted started(String run) {
    return started(run, new Forecast(0.5, 0.25, null));
  }

  static RunStarted started(String run, Forecast forecast) {
    LayerPlan layer = new LayerPlan(0, "Dense", "[4]", "[8]", 40, "Dense");
    StagePlan stage = new StagePlan(0, 0, List.of(layer), 480, 128, 2);
    return new RunStarted(run, 1000, "", "gpipe", List.of(stage), 1, 4, 16, 10, 7, forecast);
  }

  static RanksReady ready(String run, int attempt) {
    RankPlace place = new RankPlace(0, "3", "host", 99, List.of());
    return new RanksReady(run, 2000, attempt, List.of(place), 32, 0, List.of("computes with x"));
  }

  static StepCompleted step(String run, int epoch, int step) {
    return new StepCompleted(run, 3000, epoch, 10, step, 2, 16, 0.75, 0.5);
  }

  static EpochCompleted epoch(String run, int epoch) {
    RankTimes times = new RankTimes(2, 1.5, 0.25, 0.125, 0, 10, 20, 0, 30, 40L);
    return new EpochCompleted(
        run, 4000, epoch, 10, 32, 1.0 / (epoch + 1), null, 2, 16, 0.25, List.of(times));
  }

  static RunIncident incident(String run, int number) {
    return new RunIncident(
        run, 5000, RunIncident.Kind.SNAPSHOT, -1, number, 0.5, "place " + number);
  }

  static RunEnded ended(String run) {
    return new RunEnded(run, 6000, RunEnded.Outcome.SUCCEEDED, "", 10, null, 5, 1.0, 20.0, 0.125);
  }
}
