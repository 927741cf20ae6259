package io.penstock.nn.update;

import static io.penstock.nn.update.UpdaterTest.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;

/** Updaters as text, and text that is none. */
class UpdaterJsonTest {
  @Test
  void jsonBringsBackTheSameUpdater() {
    List<Updater> all =
        List.of(
            Updater.sgd(0.1),
            Updater.nesterovs(1.0 / 3, 0.9),
            Updater.of(new Adam(new StepSchedule(ScheduleType.EPOCH, 0.1, 0.5, 10))));
    for (Updater updater : all) {
      assertEquals(updater, Updater.fromJson(updater.toJson()));
    }
    assertThrows(IllegalArgumentException.class, () -> Updater.fromJson("sgd"));
    assertThrows(IllegalArgumentException.class, () -> Updater.fromJson("{}"));
  }

  @Test
  void jsonHoldsTheOptionsAndIsPlainWithoutThem() {
    UpdateOptions options =
        UpdateOptions.NONE
            .withClipNorm(1)
            .withClipValue(0.5)
            .withWeightDecay(0.01)
            .withWarmUp(10)
            .withDecay(RateDecay.COSINE, 100);
    Updater updater = Updater.adam(0.1).with(options);
    assertEquals(updater, Updater.fromJson(updater.toJson()));
    assertEquals(options, Updater.fromJson(updater.toJson()).options());
    assertEquals(UpdateOptions.NONE, Updater.fromJson(Updater.sgd(0.1).toJson()).options());
    assertTrue(Updater.sgd(0.1).toJson().contains("\"@class\""));
    String bad = updater.toJson().replace("\"clipNorm\":1.0", "\"clipNorm\":-1.0");
    String message =
        assertThrows(IllegalArgumentException.class, () -> Updater.fromJson(bad)).getMessage();
    assertTrue(message.contains("clipNorm is -1.0"), message);
  }

  @Test
  void fieldsThatJsonLeavesOutAreNd4jsDefaults() {
    for (IUpdater usual :
        List.of(
            new Sgd(),
            new Nesterovs(),
            new Adam(),
            new AdaMax(),
            new Nadam(),
            new AMSGrad(),
            new AdaGrad(),
            new RmsProp(),
            new AdaDelta())) {
      String bare = "{\"@class\":\"" + usual.getClass().getName() + "\"}";
      assertEquals(Updater.of(usual), Updater.fromJson(bare));
    }
    String adam = "{\"@class\":\"" + Adam.class.getName() + "\",\"learningRate\":0.25}";
    assertEquals(Updater.of(new Adam(0.25, 0.9, 0.999, 1e-8)), Updater.fromJson(adam));
    String clipped = "{\"updater\":" + adam + ",\"clipNorm\":1}";
    assertEquals(
        Updater.adam(0.25).with(UpdateOptions.NONE.withClipNorm(1)), Updater.fromJson(clipped));
  }

  @Test
  void noValueIsNotNought() {
    String json =
        Updater.of(new Adam(new StepSchedule(ScheduleType.EPOCH, 0.1, 0.5, 10)))
            .with(UpdateOptions.NONE.withClipNorm(1))
            .toJson();
    for (String field : List.of("beta1", "epsilon", "decayRate", "scheduleType", "clipNorm")) {
      String without = json.replaceFirst("\"" + field + "\":[^,}]+", "\"" + field + "\":null");
      refused(() -> Updater.fromJson(without), "'" + field + "' is null");
    }
    refused(() -> Updater.fromJson(json.replaceFirst("\"decayRate\":[^,}]+,", "")), "decayRate");
  }

  @Test
  void everyUpdaterAndScheduleOfTheListComesBack() {
    List<ISchedule> schedules =
        List.of(
            new CycleSchedule(ScheduleType.EPOCH, 0.1, 100),
            new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.5),
            new FixedSchedule(0.1),
            new InverseSchedule(ScheduleType.EPOCH, 0.1, 0.5, 2),
            new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.1).add(1, 0).build(),
            new PolySchedule(ScheduleType.EPOCH, 0.1, 2, 10),
            new SigmoidSchedule(ScheduleType.EPOCH, 0.1, 0.5, 10),
            new StepSchedule(ScheduleType.EPOCH, 0.1, 0.5, 10));
    List<IUpdater> all = new ArrayList<>(List.of(new AdaDelta(), new NoOp()));
    for (ISchedule rate : schedules) {
      all.addAll(
          List.of(
              new Sgd(rate),
              new Nesterovs(rate, new FixedSchedule(0.5)),
              new Adam(rate),
              new AdaMax(rate),
              new AMSGrad(rate),
              new AdaGrad(rate, 1e-6),
              new RmsProp(rate)));
    }
    for (IUpdater one : all) {
      Updater updater = Updater.of(one);
      assertEquals(updater, Updater.fromJson(updater.toJson()));
    }
  }

  @Test
  void aClassThatIsNotOnTheListIsNeverLoaded() {
    String own = "{\"@class\":\"" + Trap.class.getName() + "\"}";
    String sgd = Updater.of(new Sgd(new FixedSchedule(0.1))).toJson();
    String list = "[\"" + Trap.class.getName() + "\",{}]";
    for (String json :
        List.of(
            own,
            list,
            "{\"updater\":" + own + "}",
            "{\"updater\":" + list + "}",
            sgd.replace(FixedSchedule.class.getName(), Trap.class.getName()),
            "{\"@class\":\"" + Sgd.class.getName() + "\",\"learningRateSchedule\":" + list + "}",
            "{\"@class\":\"" + Sgd.class.getName() + "\",\"learningRate\":" + own + "}",
            "{\"@class\":\"" + Sgd.class.getName() + "\",\"@class\":" + own.substring(10))) {
      refused(() -> Updater.fromJson(json), "updater");
    }
    assertNull(System.getProperty(Trap.SPRUNG));
    refused(
        () -> Updater.fromJson(own), "Trap", "linalg.learning.config.Adam", "META-INF/services");
  }

  /** What a text would like to have loaded. */
  public static final class Trap {
    static final String SPRUNG = "penstock.test.trap";

    static {
      System.setProperty(SPRUNG, "yes");
    }
  }

  @Test
  void anUpdaterOfAUsersTravelsIfItsJarDeclaresIt() {
    FailingEpochLike undeclared = new FailingEpochLike();
    refused(() -> Updater.of(undeclared).toJson(), "FailingEpochLike", "META-INF/services");
    String declared = "{\"@class\":\"io.penstock.ml.FailingEpoch\",\"fails\":3}";
    Updater updater = Updater.fromJson(declared);
    assertTrue(updater.toJson().contains("\"fails\""), updater.toJson());
    assertEquals(updater, Updater.fromJson(updater.toJson()));
  }

  /** Not declared anywhere. */
  public static final class FailingEpochLike extends Sgd {
    private static final long serialVersionUID = 1L;

    @Override
    public FailingEpochLike clone() {
      return new FailingEpochLike();
    }
  }

  @Test
  void aMisspelledFieldIsNamed() {
    String adam = Updater.adam(0.1).toJson();
    refused(() -> Updater.fromJson(adam.replace("beta1", "betta1")), "betta1", "beta1");
    String options = Updater.adam(0.1).with(UpdateOptions.NONE.withClipNorm(1)).toJson();
    refused(() -> Updater.fromJson(options.replace("clipNorm", "clipnorm")), "clipnorm");
    refused(() -> Updater.fromJson(options.replace("\"steps\":0", "\"steps\":1.9")), "steps");
    refused(() -> Updater.fromJson("{\"a\":".repeat(100_000)), "deeper than 100");
  }
}
