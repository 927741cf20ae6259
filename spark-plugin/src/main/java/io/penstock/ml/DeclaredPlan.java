package io.penstock.ml;

import io.penstock.link.LinkPrecision;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.ScheduleFile;
import io.penstock.schedule.generate.Schedules;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;

/** Makes the params of {@link PlanParams}. */
final class DeclaredPlan {
  private static final List<String> RECOMPUTATIONS =
      Arrays.stream(Recomputation.values()).map(Recomputation::id).toList();

  private DeclaredPlan() {}

  static void in(ParamRegistry params) {
    count(
        params,
        "batchSize",
        "Rows (>= 1) of a mini-batch: those between two updates of the weights.",
        128);
    params.add(
        new IntParam(
            params.uid(),
            "numStages",
            "Number of executors (>= 0) that the network is spread over, one barrier task each. Each"
                + " holds one stage, or several where the schedule wants it so. 0 lets schedule auto"
                + " choose: as many of those that the cluster offers as make a step quicker.",
            new ParamValidator<>(
                "numStages",
                "a whole number of at least 1, or 0 for as many as pay, with schedule auto",
                value -> (Integer) value >= 0)),
        2);
    count(
        params,
        "numMicroBatches",
        "Number of micro-batches (>= 1) that a mini-batch is cut into. More keep the stages"
            + " busier, down to where a micro-batch is too small to compute well. What dropout sets"
            + " to zero, and the rows that batch normalisation takes together, go by micro-batch:"
            + " another number trains other weights.",
        4);
    schedule(params);
    params.add(
        new IntParam(
            params.uid(),
            "numVirtualStages",
            "Number of stages (>= 1) on each executor, for schedules that can have several. Left"
                + " out, it is what is usual for the schedule.",
            ParamValidator.atLeastOne("numVirtualStages")));
    params.add(
        new IntParam(
            params.uid(),
            "warmUp",
            "Forwards (>= 0) that the first executor does before it turns to one forward, one"
                + " backward, for schedules that let one choose (eager-1f1b). Left out, it is the"
                + " schedule's own number.",
            new ParamValidator<>(
                "warmUp", "a whole number of at least 0", value -> (Integer) value >= 0)));
    params.add(
        ChoiceParam.of(
            params.uid(),
            "recompute",
            "Which forwards are done a second time, so that their activations need not be kept"
                + " until the backward: never, always, or exceptLast, which keeps those of the last"
                + " micro-batch of every mini-batch. Saves memory for about a third more compute.",
            RECOMPUTATIONS),
        Recomputation.NEVER.id());
    params.add(
        ChoiceParam.of(
            params.uid(),
            "linkPrecision",
            "In which numbers activations and their gradients go from executor to executor: float32"
                + " (as they are), bfloat16 or float16, which halve what the network carries and"
                + " round at every cut, so that the result is no longer bit for bit that of one"
                + " executor. bfloat16 keeps the range, float16 more digits; gradients below 3e-8"
                + " vanish in float16.",
            LinkPrecision.ids()),
        LinkPrecision.FLOAT32.id());
    params.add(
        new IntArrayParam(
            params.parent(),
            "stageStarts",
            "The first layer of every stage, ascending, the first of them 0: a cut of one's own."
                + " Left out, the layers are spread so that the slowest stage is as fast as can be.",
            new ParamValidator<>(
                "stageStarts",
                "layers in ascending order that begin with 0, for example Array(0, 2, 5)",
                DeclaredPlan::validStarts)));
  }

  private static void count(ParamRegistry params, String name, String doc, int usual) {
    params.add(new IntParam(params.uid(), name, doc, ParamValidator.atLeastOne(name)), usual);
  }

  private static void schedule(ParamRegistry params) {
    params.add(
        new ChoiceParam<>(
            params.uid(),
            "schedule",
            "Order of the stages' work on the micro-batches: one of "
                + String.join(", ", Schedules.trainingIds())
                + "; or the name of a file on the driver that ends with .csv, with a row for each"
                + " executor, such as 0F0,0F1,0B0,0B1; or auto, which measures layers and link in a"
                + " short job and takes the plan with the least simulated step time: schedule, cut"
                + " and, unless they are set, micro-batches, virtual stages and warm-up.",
            Stream.concat(Schedules.ids().stream(), Stream.of(AutoPlan.ID)).toList(),
            new ParamValidator<>(
                "schedule",
                "one of "
                    + String.join(", ", Schedules.trainingIds())
                    + ", auto, or a file name with .csv",
                DeclaredPlan::validSchedule)),
        "1f1b");
  }

  private static boolean validStarts(int[] starts) {
    return starts.length >= 1
        && starts[0] == 0
        && IntStream.range(1, starts.length).allMatch(i -> starts[i] > starts[i - 1]);
  }

  /** A schedule that only predicts is a name too: a fit says why it does not take it. */
  private static boolean validSchedule(String said) {
    return Schedules.ids().contains(said) || said.equals(AutoPlan.ID) || ScheduleFile.isName(said);
  }
}
