package io.penstock.nn.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.fuzz.Inputs;
import io.penstock.fuzz.Reading;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;

class UpdaterJsonFuzzTest {
  private static final UpdateOptions OPTIONS =
      UpdateOptions.NONE.withClipNorm(1).withWarmUp(10).withDecay(RateDecay.COSINE, 100);

  private static final List<String> GOOD =
      List.of(
          Updater.adam(0.001).toJson(),
          Updater.nesterovs(0.1, 0.9).with(OPTIONS).toJson(),
          Updater.of(new Sgd(new StepSchedule(ScheduleType.EPOCH, 0.1, 0.5, 10))).toJson(),
          Updater.of(
                  new Adam(
                      new MapSchedule.Builder(ScheduleType.ITERATION)
                          .add(0, 0.1)
                          .add(7, 0.01)
                          .build()))
              .with(OPTIONS)
              .toJson(),
          Updater.of(
                  new Nesterovs(
                      new PolySchedule(ScheduleType.EPOCH, 0.1, 2, 10),
                      new SigmoidSchedule(ScheduleType.EPOCH, 0.5, 0.5, 10)))
              .toJson(),
          Updater.of(new AdaGrad(new CycleSchedule(ScheduleType.EPOCH, 0.1, 100), 1e-6)).toJson(),
          Updater.of(new RmsProp(0.1)).toJson(),
          Updater.of(new AdaDelta()).toJson());

  @Provide
  Arbitrary<String> texts() {
    return Inputs.ofTexts(GOOD);
  }

  @Property(seed = "1")
  void everyTextIsAnUpdaterOrRefused(@ForAll("texts") String text) throws Exception {
    Reading.of(
        text.length(),
        Set.of(IllegalArgumentException.class),
        () -> {
          Updater updater = Updater.fromJson(text);
          updater.learningRate(3, 1);
          updater.stateSize(10);
          assertEquals(updater, Updater.fromJson(updater.toJson()));
        });
  }
}
