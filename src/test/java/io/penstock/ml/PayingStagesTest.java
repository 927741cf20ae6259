package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.Choice;
import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.Chooser;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.LayerTimes;
import io.penstock.balance.Profile;
import io.penstock.balance.RowTimes;
import io.penstock.launch.cluster.Findings;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import io.penstock.testing.LocalSpark;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether more executors pay, and {@code numStages} of 0, which takes as many as do. */
@Timeout(180)
@LocalSpark(slots = 4)
class PayingStagesTest {
  private static final Updater ADAM = Updater.adam(1e-3);

  /** The perceptron of {@code examples/run bench --work w0}. */
  private static final int[] SMALL = {784, 256, 128, 100, 10};

  private static final int[] WIDE = {784, 2048, 2048, 10};

  private static SparkSession spark;
  private static Dataset<Row> rows;

  @TempDir private Path folder;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
  }

  /**
   * Layers at 60 GFLOP/s with 10 µs a call, and a link of 1.3 ms and 80 µs of work: what executor
   * processes were measured to take on two busy cores of a virtual machine.
   */
  private static Profile recorded(Sequential network) {
    double[] seconds =
        Arrays.stream(LayerCosts.flops(network)).map(operations -> operations / 60e9).toArray();
    List<RowTimes> times =
        IntStream.of(16, 64)
            .mapToObj(
                count -> {
                  List<Double> all =
                      Arrays.stream(seconds).mapToObj(one -> 10e-6 + count * one).toList();
                  List<Double> input = new ArrayList<>(all);
                  input.set(0, 0.0);
                  return new RowTimes(count, all, input, all);
                })
            .toList();
    List<Double> update = Arrays.stream(seconds).map(one -> 0.1 * one).boxed().toList();
    LinkCost link = new LinkCost(1.3e-3, 1.5e9, 80e-6);
    return Profile.of(
        network, ADAM, List.of(new LayerTimes(times, update)), link, CutConstraints.UNLIMITED);
  }

  private static ResolvedPlan chosen(Sequential network, int batchSize) {
    Profile profile = recorded(network);
    ChoiceRequest request = ChoiceRequest.of(2, batchSize);
    Choice choice = Chooser.chooseRanks(profile, request);
    return AutoPlan.resolved(new MeasuredRack(profile, List.of()), request, choice);
  }

  private static String explained(Sequential network, ResolvedPlan resolved) {
    TrainingPlan plan =
        new TrainingPlan(
            network.toWire(),
            ADAM.toJson(),
            resolved.cut().starts(),
            resolved.schedule(),
            128,
            1,
            1);
    return Explanation.of(
            plan,
            NativeMemory.needed(plan),
            resolved.choice().map(choice -> choice.best().prediction()),
            new Findings(List.of(), "on CPUs", ""),
            resolved.payoff())
        .toString();
  }

  @Test
  void aSmallPerceptronStaysOnOneExecutorAndSaysWhy() {
    Sequential network = Sequential.perceptron(SMALL);
    ResolvedPlan plan = chosen(network, 128);
    assertEquals(1, plan.schedule().ranks().size(), plan.choice().orElseThrow()::table);
    String text = explained(network, plan);
    assertTrue(text.contains("2 executors do not pay: a step takes "), text);
    assertTrue(text.contains("a hand-over from executor to executor takes 1.3"), text);
    assertTrue(text.contains("They would pay from mini-batches of about "), text);
    assertTrue(text.contains("times as wide"), text);
    int least = plan.payoff().orElseThrow().leastBatch().getAsInt();
    assertTrue(least > 128, text);
    assertTrue(text.contains(String.format(Locale.ROOT, "about %,d rows", least)), text);
  }

  @Test
  void aWideNetworkTakesBoth() {
    Sequential network = Sequential.perceptron(WIDE);
    ResolvedPlan plan = chosen(network, 512);
    assertEquals(2, plan.schedule().ranks().size(), plan.choice().orElseThrow()::table);
    assertTrue(plan.payoff().orElseThrow().pays());
    String text = explained(network, plan);
    assertTrue(text.contains("2 executors pay: a step takes "), text);
  }

  @Test
  void whatIsMeasuredOnTheExecutorsIsExplained() {
    Explanation two = Blobs.classifier().setNumStages(2).explain(rows);
    assertTrue(two.payoff().isPresent());
    assertTrue(two.payoff().get().handOverSeconds() > 0, two::toString);
    assertTrue(two.payoff().get().oneSeconds().getAsDouble() > 0, two::toString);
    assertTrue(
        two.toString().contains("a hand-over from executor to executor takes"), two::toString);
    Explanation one = Blobs.classifier().setNumStages(1).explain(rows);
    assertEquals(Optional.empty(), one.payoff());
  }

  @Test
  void asManyExecutorsAreTakenAsPay() {
    PipelineParallelClassifier classifier =
        Blobs.classifier().setNumStages(0).setSchedule("auto").setLayers(4, 16, 8, 3);
    PipelineParallelClassificationModel model = classifier.fit(rows);
    Choice choice = model.training().orElseThrow().choice().orElseThrow();
    assertEquals(
        List.of(1, 2, 3, 4),
        choice.byRanks().stream().map(plan -> plan.request().ranks()).toList());
    assertEquals(
        choice.best().request().ranks(), model.training().orElseThrow().processes().size());
    assertEquals(120, model.transform(rows).count());
  }

  @Test
  void aNumberThatIsToBeChosenIsSavedAndLoaded() throws Exception {
    PipelineParallelClassifier classifier = Blobs.classifier().setNumStages(0).setSchedule("auto");
    classifier.write().overwrite().save(folder.toUri().toString());
    PipelineParallelClassifier loaded = PipelineParallelClassifier.load(folder.toUri().toString());
    assertEquals(0, loaded.getNumStages());
    assertEquals("auto", loaded.getSchedule());
  }
}
