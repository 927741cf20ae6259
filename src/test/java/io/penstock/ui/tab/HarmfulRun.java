package io.penstock.ui.tab;

import io.penstock.event.FailureKind;
import io.penstock.event.Forecast;
import io.penstock.event.LayerPlan;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEnded;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.RunStarted;
import io.penstock.event.StagePlan;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** A run whose every text would do harm if it were not escaped. */
final class HarmfulRun {
  static final String ID = "harm";

  private HarmfulRun() {}

  /** Tells it on the listener bus; it is on the pages when this returns. */
  static void tell(SparkSession spark, String harm) throws Exception {
    LayerPlan layer = new LayerPlan(0, harm, harm, harm + 2, 1, harm);
    StagePlan stage = new StagePlan(0, 0, List.of(layer), 1, 1, 1, false);
    RankPlace place = new RankPlace(0, harm, harm, 1, List.of(harm));
    List<RunEvent> events =
        List.of(
            new RunStarted(
                ID, 1, harm, harm, List.of(stage), 1, 1, 1, 1, 1, 1, new Forecast(null, 0, harm)),
            new RanksReady(ID, 2, 0, List.of(place), 1, 0, List.of(harm)),
            RunIncident.failure(ID, 3, FailureKind.EXCEPTION, 0, harm, harm),
            new RunEnded(
                ID,
                4,
                RunEnded.Outcome.FAILED,
                FailureKind.EXCEPTION,
                0,
                harm,
                harm,
                0,
                null,
                1,
                null,
                null,
                null));
    events.forEach(event -> spark.sparkContext().listenerBus().post(event));
    spark.sparkContext().listenerBus().waitUntilEmpty();
  }
}
