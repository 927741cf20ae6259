package io.penstock.ml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Schedules, files of schedules, cuts and numbers that give no plan, or none the cluster can do.
 */
final class BadPlans {
  private static final String GOOD = "0F0,0F1,0F2,0F3,0B0,0B1,0B2,0B3\n";

  private BadPlans() {}

  static List<Mistake> all() {
    MistakeTable table = new MistakeTable();
    numbers(table);
    files(table);
    clusters(table);
    return table.mistakes();
  }

  private static void numbers(MistakeTable table) {
    table
        .everywhere(
            "an unknown schedule",
            it -> it.setSchedule("zigzag"),
            "schedule is 'zigzag'",
            "one of gpipe, 1f1b",
            ".csv")
        .everywhere("no schedule", it -> it.setSchedule(null), "schedule is null", "one of gpipe")
        .everywhere(
            "a schedule that only predicts",
            it -> it.setSchedule("forward"),
            "forward has no backward",
            "1f1b")
        .everywhere(
            "an unknown recomputation",
            it -> it.setRecompute("sometimes"),
            "recompute is 'sometimes'",
            "never, always, exceptLast")
        .everywhere(
            "unknown numbers on the links",
            it -> it.setLinkPrecision("int8"),
            "linkPrecision is 'int8'",
            "float32, bfloat16, float16")
        .everywhere(
            "unknown factors of products",
            it -> it.setComputePrecision("fp8"),
            "computePrecision is 'fp8'",
            "float32, tf32, bfloat16")
        .everywhere(
            "rounded products on processors",
            it -> it.setComputePrecision("TF32").setRequireGpu("false"),
            "computePrecision is tf32",
            "requireGpu is false",
            "set computePrecision to float32")
        .everywhere(
            "an unknown answer to bad numbers",
            it -> it.setOnBadNumbers("ignore"),
            "onBadNumbers is 'ignore'",
            "fail, skip")
        .everywhere("a warm-up below 0", it -> it.setWarmUp(-1), "warmUp is -1", "at least 0")
        .everywhere(
            "a warm-up where none can be chosen",
            it -> it.setWarmUp(3),
            "warm-up of schedule 1f1b is fixed",
            "leave it out")
        .everywhere(
            "blocks of the output below 0",
            it -> it.setOutputBlocks(-1),
            "outputBlocks is -1",
            "0 for as few as balance the stages")
        .everywhere(
            "blocks to be chosen for a cut of one's own",
            it -> it.setOutputBlocks(0).setStageStarts(0, 1),
            "stageStarts is a cut of your own",
            "leave stageStarts out")
        .everywhere(
            "more blocks of the output than it has columns",
            it -> it.setOutputBlocks(1_000_000),
            "outputBlocks is 1000000",
            "as many as there are columns")
        .everywhere(
            "stages below 0", it -> it.setNumStages(-1), "numStages is -1", "at least 1", "0 for")
        .everywhere(
            "stages to choose without auto",
            it -> it.setNumStages(0),
            "numStages is 0",
            "schedule is 1f1b",
            "Set schedule to auto, or numStages to at least 1")
        .everywhere(
            "a million stages",
            it -> it.setNumStages(1_000_000),
            "numStages is 1000000",
            "layers",
            "stages or fewer")
        .classifier(
            "a million stages on each executor",
            it -> it.setSchedule("interleaved").setNumVirtualStages(1_000_000),
            "numStages is 2 and numVirtualStages 1000000",
            "the network has 3 layers",
            "3 stages or fewer")
        .classifier(
            "more stages than layers",
            it -> it.setSchedule("interleaved"),
            "4 stages asked for, but the network has 3 layers",
            "use 3 stages or fewer")
        .classifier(
            "two stages on each executor where one is all",
            it -> it.setNumStages(1).setNumVirtualStages(2),
            "1f1b takes 1 stage a rank, not 2",
            "interleaved")
        .everywhere("no replicas", it -> it.setNumReplicas(0), "numReplicas is 0", "at least 1")
        .everywhere(
            "more replicas than rows",
            it -> it.setSchedule("auto").setNumReplicas(40_000),
            "numReplicas is 40000",
            "(batchSize)",
            "or a larger batchSize")
        .classifier(
            "a layer that replicas cannot send each other",
            it ->
                it.setLayers(new int[] {4, 30_000, 30_000, 3})
                    .setNumReplicas(2)
                    .setShardOptimizer(true),
            "Layer 2 has",
            "a frame holds 2 GiB",
            "Set shardOptimizer to false")
        .everywhere(
            "more replicas than any cluster has executors",
            it -> it.setNumStages(1).setNumReplicas(1 << 30).setNumMicroBatches(1 << 30),
            "numReplicas is 1073741824",
            "100000 are the most")
        .everywhere(
            "replicas that cannot share the micro-batches",
            it -> it.setNumReplicas(3),
            "numMicroBatches is 4",
            "each of 3 replicas",
            "Set numMicroBatches to 3 or another multiple of 3")
        .everywhere(
            "groups that are not the replicas'",
            it -> it.setNumReplicas(2).setGradientGroups(4),
            "gradientGroups is 4",
            "Set gradientGroups to 2, or leave it out")
        .everywhere(
            "no micro-batches",
            it -> it.setNumMicroBatches(0),
            "numMicroBatches is 0",
            "at least 1")
        .everywhere(
            "more micro-batches than rows",
            it -> it.setNumMicroBatches(2_000_000_000),
            "numMicroBatches is 2000000000",
            "(batchSize)",
            "or less")
        .classifier(
            "a cut into other stages",
            it -> it.setStageStarts(0, 1, 2),
            "[0, 1, 2], which makes 3 stages, but 2 are wanted",
            "give the first layer of each")
        .classifier(
            "a cut that does not ascend",
            it -> it.setStageStarts(0, 2, 2),
            "stageStarts is [0, 2, 2]",
            "ascending")
        .regressor(
            "a cut that does not begin with layer 0",
            it -> it.setStageStarts(1, 2),
            "stageStarts is [1, 2]",
            "begin with 0")
        .learner(
            "a cut behind the last layer",
            it -> it.setStageStarts(0, 9),
            "[0, 9] of 2",
            "the last layer is 1")
        .everywhere(
            "a cut of one's own where the best is looked for",
            it -> it.setSchedule("auto").setStageStarts(0, 1),
            "stageStarts",
            "auto",
            "Leave one of them out")
        .everywhere(
            "a million stages to look for",
            it -> it.setSchedule("auto").setNumStages(1_000_000),
            "numStages is 1000000",
            "stages or fewer");
  }

  private static MistakeTable csv(MistakeTable table, String name, String text, String... words) {
    return table.attempt(
        "schedule file: " + name,
        bench ->
            Subject.CLASSIFIER.fit(
                Subject.CLASSIFIER.estimator().setSchedule(bench.file("mine.csv", text)),
                bench.rows(Subject.CLASSIFIER)),
        words);
  }

  private static void files(MistakeTable table) {
    table.everywhere(
        "a schedule file that is missing",
        it -> it.setSchedule("/nowhere/mine.csv"),
        "mine.csv",
        "no such file in /nowhere");
    csv(table, "nothing", "", "mine.csv", "has no action", "0F0,0F1,0B0,0B1");
    csv(table, "words", "go,stop\n", "row 1, column 1", "'go' is not an action", "such as 2F0");
    csv(table, "for one executor", GOOD, "1 rank, but 2 are asked for", "use another schedule");
    csv(
        table,
        "for two micro-batches",
        "0F0,0F1,0B0,0B1\n1F0,1F1,1B0,1B1\n",
        "2 micro-batches, but 4 are asked for");
    csv(
        table,
        "a backward that is missing",
        GOOD + "1F0,1F1,1F2,1F3,1B0,1B1,1B2\n",
        "1B3 is missing",
        "every stage does the backward");
    csv(
        table,
        "a forward that is done twice",
        GOOD + "1F0,1F0,1F1,1F2,1F3,1B0,1B1,1B2,1B3\n",
        "1F0 is done twice");
    csv(
        table,
        "a backward before its forward",
        GOOD + "1B0,1F0,1F1,1F2,1F3,1B1,1B2,1B3\n",
        "1B0 comes before 1F0",
        "a backward needs its forward");
    csv(
        table,
        "executors that wait for each other",
        "0F0,0B0,0F1,0B1,0F2,0B2,0F3,0B3\n1F1,1F0,1B0,1B1,1F2,1F3,1B2,1B3\n",
        "0B0",
        "wait");
    csv(
        table,
        "stages without end",
        GOOD + "999999999F0\n",
        "an action of stage 999999999",
        "number the stages from 0");
    csv(
        table,
        "a number that is too large",
        "0F99999999999\n",
        "row 1, column 1",
        "'0F99999999999' is not an action");
    table.classifier(
        "schedule file: on a cluster's file system",
        it -> it.setSchedule("hdfs://host/mine.csv"),
        "schedule hdfs://host/mine.csv does not lie on the driver's disk",
        "copy it there");
    table.attempt(
        "schedule file: a directory",
        bench -> {
          Path directory = Files.createDirectories(bench.place().resolve("plans.csv"));
          Subject.CLASSIFIER.fit(
              Subject.CLASSIFIER.estimator().setSchedule(directory.toString()),
              bench.rows(Subject.CLASSIFIER));
        },
        "plans.csv",
        "cannot be read",
        "directory");
    table.classifier(
        "schedule file: a warm-up beside it",
        it -> it.setSchedule("mine.csv").setWarmUp(1),
        "warm-up of schedule mine.csv stands in the file",
        "leave it out");
  }

  private static void clusters(MistakeTable table) {
    table
        .classifier(
            "cluster: more stages than slots",
            it -> it.setNumStages(3),
            "3 stages need 3 tasks at the same time, this master runs 2",
            "--master local[3]")
        .regressor(
            "cluster: more stages than slots",
            it -> it.setNumStages(3),
            "3 stages need 3 tasks at the same time, this master runs 2",
            "--master local[3]")
        .classifier(
            "cluster: more stages than slots to look for a plan",
            it -> it.setSchedule("auto").setNumStages(3),
            "3 stages need 3 tasks at the same time, this master runs 2",
            "--master local[3]")
        .classifier(
            "cluster: layers that no executor can hold",
            it -> it.setLayers(4, 200_000, 200_000, 3),
            "no cut of 5 layers into 2 stages",
            "would do",
            "--driver-memory")
        .regressor(
            "cluster: mini-batches that no executor can hold",
            it -> it.setBatchSize(Integer.MAX_VALUE),
            "no cut of 3 layers into 2 stages",
            "--driver-memory");
  }
}
