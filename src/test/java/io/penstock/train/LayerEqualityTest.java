package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.penstock.nn.Layer;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every layer as the first and as the last of a stage, under every schedule, over sockets: what its
 * arrays have to do with each other, and which half of its backward reads which, changes no bit.
 */
@Timeout(300)
@Tag("slow")
class LayerEqualityTest {
  private static final int ROWS = 10; // The last mini-batch has two rows, so two micro-batches.
  private static final int BATCH = 8;
  private static final int MICRO_BATCHES = 4;

  @Test
  void noLayerIsForgotten() {
    TreeSet<String> known =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.penstock.nn")
                .stream()
                .filter(type -> type.isAssignableTo(Layer.class) && !type.isInterface())
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
    TreeSet<String> tried =
        LayerCase.all()
            .map(one -> one.layer().getClass())
            .filter(
                type -> type.getPackageName().startsWith(Layer.class.getPackageName() + ".layer"))
            .map(Class::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(known, tried);
  }

  static Stream<LayerCase> cases() {
    return LayerCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void firstAndLastOfAStageChangeNoBit(LayerCase one) throws Exception {
    LocalPipeline pipeline = pipeline(one.network()).overSockets();
    List<RankResult> expected =
        train(pipeline, Schedules.generate("gpipe", 1, MICRO_BATCHES), List.of(0));
    for (Schedule schedule : schedules(2)) {
      for (boolean first : new boolean[] {true, false}) {
        assertSame(expected, pipeline, schedule, one.starts(schedule.stages(), first));
      }
    }
    Schedule alone = Schedules.generate("zb-h2", 3, MICRO_BATCHES);
    assertSame(expected, pipeline, alone, one.starts(3, true));
  }

  /** The network that showed that weights came out wrong in silence. */
  @Test
  void aStageOfPositionsAloneLearnsTheSame() throws Exception {
    Sequential network =
        Sequential.input(8)
            .embedding(16, 8)
            .positions(8)
            .layerNorm()
            .dense(16)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    LocalPipeline pipeline =
        new LocalPipeline(network, ids(40, 8, 16), ids(40, 8, 16)).overSockets();
    List<RankResult> expected =
        train(pipeline, Schedules.generate("gpipe", 1, MICRO_BATCHES), List.of(0));
    for (String id : List.of("1f1b", "looped-bfs", "zb-h1", "zb-h2")) {
      Schedule schedule =
          Schedules.generate(ScheduleRequest.of(id, 3, MICRO_BATCHES).withVirtualStages(1));
      assertSame(expected, pipeline, schedule, List.of(0, 1, 2));
    }
  }

  /** The network that ended with "Unable to wrap closed buffer". */
  @ParameterizedTest(name = "over sockets: {0}")
  @ValueSource(booleans = {false, true})
  void positionsBeforeATransformerBlockLearnTheSame(boolean overSockets) throws Exception {
    Sequential network =
        Sequential.input(8)
            .embedding(16, 8)
            .positions(8)
            .transformerBlock(2, 16, true, 0)
            .layerNorm()
            .dense(16)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    LocalPipeline inThisJvm = new LocalPipeline(network, ids(40, 8, 16), ids(40, 8, 16));
    LocalPipeline pipeline = overSockets ? inThisJvm.overSockets() : inThisJvm;
    List<RankResult> expected =
        train(pipeline, Schedules.generate("gpipe", 1, MICRO_BATCHES), List.of(0));
    for (Schedule schedule : schedules(2)) {
      List<Integer> starts = schedule.stages() == 2 ? List.of(0, 1) : List.of(0, 1, 2, 3);
      assertSame(expected, pipeline, schedule, starts);
    }
  }

  /** All that learn, with as many stages a rank as is usual. */
  private static List<Schedule> schedules(int ranks) {
    return Schedules.ids().stream()
        .map(id -> Schedules.generate(id, ranks, MICRO_BATCHES))
        .filter(schedule -> !schedule.isForwardOnly())
        .toList();
  }

  private static void assertSame(
      List<RankResult> expected, LocalPipeline pipeline, Schedule schedule, List<Integer> starts)
      throws Exception {
    List<RankResult> actual = train(pipeline, schedule, starts);
    String what = schedule.name() + ", stages begin at " + starts;
    assertArrayEquals(LocalPipeline.losses(expected), LocalPipeline.losses(actual), 0, what);
    LocalPipeline.assertSameWeights(expected, actual, what);
  }

  private static List<RankResult> train(
      LocalPipeline pipeline, Schedule schedule, List<Integer> starts) throws Exception {
    return pipeline.train(schedule, Recomputation.NEVER, starts, BATCH, 2, Updater.adam(0.01));
  }

  private static LocalPipeline pipeline(Sequential network) {
    return new LocalPipeline(
        network,
        ids(ROWS, LayerCase.LENGTH, LayerCase.VOCABULARY),
        ids(ROWS, 1, LayerCase.CLASSES));
  }

  /** Numbers that serve as tokens, as classes and as any other numbers. */
  private static INDArray ids(int rows, int length, int ids) {
    Random random = new Random(5);
    float[] all = new float[rows * length];
    for (int i = 0; i < all.length; i++) {
      all[i] = random.nextInt(ids);
    }
    return Nd4j.create(all, new long[] {rows, length}, 'c');
  }
}
