package io.penstock.ui;

import io.penstock.event.EpochCompleted;
import io.penstock.event.Forecast;
import io.penstock.event.LayerPlan;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEnded;
import io.penstock.event.RunIncident;
import io.penstock.event.RunStarted;
import io.penstock.event.StagePlan;
import io.penstock.event.StepCompleted;
import io.penstock.train.RankTimes;
import java.util.List;

/** Events of a run of one stage and ten epochs that began at 1000 ms. */
public final class Samples {
  private Samples() {}

  public static RunStarted started(String run) {
    return started(run, new Forecast(0.5, 0.25, null));
  }

  public static RunStarted started(String run, Forecast forecast) {
    LayerPlan layer = new LayerPlan(0, "Dense", "[4]", "[8]", 40, "Dense");
    StagePlan stage = new StagePlan(0, 0, List.of(layer), 480, 128, 2, false);
    return new RunStarted(run, 1000, "", "gpipe", List.of(stage), 1, 1, 4, 16, 10, 7, forecast);
  }

  public static RanksReady ready(String run, int attempt) {
    RankPlace place = new RankPlace(0, "3", "host", 99, List.of());
    return new RanksReady(run, 2000, attempt, List.of(place), 32, 0, List.of("computes with x"));
  }

  public static StepCompleted step(String run, int epoch, int step) {
    return new StepCompleted(run, 3000, epoch, 10, step, 2, 16, 0.75, 0.5);
  }

  public static EpochCompleted epoch(String run, int epoch) {
    RankTimes times = new RankTimes(2, 1.5, 0.25, 0.125, 0, 10, 20, 0, 0, 0, 30, 40L);
    return new EpochCompleted(
        run, 4000, epoch, 10, 32, 1.0 / (epoch + 1), null, 2, 16, 0.25, List.of(times));
  }

  public static RunIncident incident(String run, int number) {
    return new RunIncident(
        run, 5000, RunIncident.Kind.CHECKPOINT, -1, number, 0.5, "place " + number);
  }

  public static RunEnded ended(String run) {
    return new RunEnded(
        run, 6000, RunEnded.Outcome.SUCCEEDED, null, null, null, "", 10, null, 5, 1.0, 20.0, 0.125);
  }
}
