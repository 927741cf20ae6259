package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleText;
import io.penstock.schedule.generate.Schedules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
  private static String plan(String... arguments) {
    return Plan.render(Plan.options(arguments));
  }

  private static JsonNode json(String... arguments) throws Exception {
    Options options = Plan.options(arguments);
    options.values().put("format", "json");
    return new ObjectMapper().readTree(Plan.render(options));
  }

  private static String messageOf(String... arguments) {
    return assertThrows(IllegalArgumentException.class, () -> plan(arguments)).getMessage();
  }

  @Test
  void withoutOptionsItIs1F1BOnFourExecutorsDrawn() {
    String plan = plan();
    assertTrue(plan.startsWith("1f1b on 4 ranks, 8 micro-batches\nrank 0  F0"), plan);
    assertTrue(plan.contains("makespan 33, bubble 27.3 %"), plan);
    assertTrue(plan.contains("peak activations by rank: 4, 3, 2, 1"), plan);
  }

  @Test
  void theDrawingIsAsWideAsTheTerminal() {
    for (int columns : new int[] {60, 100, 173}) {
      String row = plan("--columns", "" + columns).lines().skip(1).findFirst().orElseThrow();
      assertEquals(columns, row.length());
    }
  }

  @Test
  void csvIsComputeActionsOnlyARowARank() {
    assertEquals(
        "0F0,0F1,0B0,0F2,0B1,0B2\n1F0,1B0,1F1,1B1,1F2,1B2\n",
        plan("--stages", "2", "--micro-batches", "3", "--format", "csv"));
    for (String id : Schedules.ids()) {
      String csv = plan("--schedule", id, "--stages", "2", "--format", "csv");
      Schedule read = ScheduleText.parse(id, csv);
      assertEquals(2, read.ranks().size());
      assertEquals(8, read.microBatches());
      assertTrue(
          read.ranks().stream().allMatch(r -> r.stream().allMatch(a -> a.kind().isCompute())), csv);
    }
  }

  @Test
  void jsonHasTheFigures() throws Exception {
    JsonNode plan = json("--schedule", "zb-h1", "--stages", "2", "--micro-batches", "4");
    assertEquals(13, plan.get("makespan").asDouble());
    assertEquals(1.0 / 13, plan.get("bubble").asDouble(), 1e-9);
    assertEquals(2, plan.get("bubblePerRank").size());
    assertEquals("[2,2]", plan.get("peakActivations").toString());
  }

  @Test
  void everyCostCounts() throws Exception {
    String[] costs = {
      "--forward-time",
      "2",
      "--input-time",
      "3",
      "--weight-time",
      "5",
      "--latency",
      "7",
      "--bandwidth",
      "4",
      "--frame-bytes",
      "44",
      "--activation-bytes",
      "13",
      "--schedule",
      "gpipe",
      "--stages",
      "2",
      "--micro-batches",
      "1"
    };
    JsonNode plan = json(costs);
    assertEquals(2 * (2 + 3 + 5) + 2 * (7 + 44 / 4), plan.get("makespan").asDouble());
    assertEquals("[13.0,13.0]", plan.get("peakBytes").toString());
  }

  @Test
  void aFrameMayKeepExecutorsBusy() throws Exception {
    String[] plan = {
      "--schedule", "1f1b", "--stages", "2", "--micro-batches", "2", "--forward-time", "4",
      "--input-time", "2", "--weight-time", "2", "--latency", "1", "--busy", "1"
    };
    assertEquals(28, json(plan).get("makespan").asDouble());
  }

  private static String[] deep(String... more) {
    String[] sizes = {
      "--micro-batches", "16", "--layers", "4", "--activation-bytes", "40", "--input-bytes", "1"
    };
    return Stream.of(sizes, more).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void whatIsDoneAgainShowsWhatItSavesAndCosts() throws Exception {
    String never = plan(deep());
    assertTrue(never.contains("bytes: 160, 120, 80, 40\n"), never);
    String always = plan(deep("--recompute", "always"));
    assertTrue(always.contains("bytes: 43, 42, 41, 40\n"), always);
    assertTrue(
        always.contains("layers recomputed by rank: 4 of 4, 4 of 4, 4 of 4, 4 of 4"), always);
    // Two segments of two layers on each executor, of which one is whole.
    String sqrt = plan(deep("--recompute", "sqrt"));
    assertTrue(sqrt.contains("bytes: 27.5, 25.5, 23.5, 21.5\n"), sqrt);
    String auto = plan(deep("--recompute", "auto", "--memory", "80"));
    assertTrue(auto.contains("layers recomputed by rank: 3 of 4, 2 of 4, 0 of 4, 0 of 4"), auto);
    double least = json(deep()).get("makespan").asDouble();
    double most = json(deep("--recompute", "always")).get("makespan").asDouble();
    double some = json(deep("--recompute", "auto", "--memory", "80")).get("makespan").asDouble();
    assertTrue(least < some && some < most, least + ", " + some + ", " + most);
  }

  /** Of GPipe, which keeps the inputs of all micro-batches. */
  @Test
  void whatGoesToDiskTakesNoMemoryAndTheDisksTime() throws Exception {
    String[] kept = deep("--schedule", "gpipe", "--recompute", "sqrt");
    assertTrue(plan(kept).contains("bytes: 51.5 each\n"), plan(kept));
    String[] away = deep("--schedule", "gpipe", "--recompute", "sqrt", "--offload", "true");
    assertTrue(plan(away).contains("bytes: 22.5 each\n"), plan(away));
    assertEquals(json(kept).get("makespan"), json(away).get("makespan"));
    String[] slow =
        deep(
            "--schedule",
            "gpipe",
            "--recompute",
            "sqrt",
            "--offload",
            "true",
            "--disk-bandwidth",
            "1");
    assertTrue(json(slow).get("makespan").asDouble() > json(away).get("makespan").asDouble());
  }

  @Test
  void whatIsChosenByMemoryHasToKnowIt() {
    assertTrue(messageOf("--recompute", "auto").contains("say how many bytes with --memory"));
    String tooLittle = messageOf(deep("--recompute", "auto", "--memory", "10"));
    assertTrue(tooLittle.startsWith("--memory is 10.0, but executors keep more"), tooLittle);
    double enough = Double.parseDouble(tooLittle.replaceAll(".*about (.*) would do", "$1"));
    plan(deep("--recompute", "auto", "--memory", "" + enough));
  }

  @Test
  void theWarmUpMayBeChosen() {
    String[] eager = {"--schedule", "eager-1f1b", "--warm-up", "3", "--format", "csv"};
    assertEquals(plan("--format", "csv"), plan(eager));
  }

  @Test
  void picturesAndTracesAreThoseOfThePlan() throws Exception {
    assertTrue(plan("--format", "svg").startsWith("<svg "));
    assertTrue(plan("--format", "html").startsWith("<!DOCTYPE html>"));
    JsonNode trace = new ObjectMapper().readTree(plan("--format", "trace"));
    assertEquals(4 * 2 * 8 + 4 + 1, trace.get("traceEvents").size());
  }

  @Test
  void aFileSaysItselfWhatItIsFor(@TempDir Path folder) throws Exception {
    for (String id : Schedules.ids()) {
      String[] sizes = {"--schedule", id, "--stages", "3", "--micro-batches", "6"};
      Options generated = Plan.options(sizes);
      generated.values().put("format", "csv");
      String file = folder.resolve(id + ".csv").toString();
      Files.writeString(Path.of(file), Plan.render(generated));
      assertEquals(Plan.render(generated), plan("--schedule", file, "--format", "csv"), id);
      if (!id.equals("unpipelined")) { // whose movement, not in the file, is what makes it
        assertEquals(json(sizes).get("makespan"), json("--schedule", file).get("makespan"), id);
      }
      assertTrue(messageOf("--schedule", file, "--stages", "2").contains("3 ranks"), id);
    }
  }

  @Test
  void aPlanThatCannotBeWrittenSaysWhy(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("missing");
    assertEquals(
        String.format(
            "cannot write --out '%1$s/x': there is no folder '%1$s'; make it first", missing),
        unwritten(missing + "/x"));
    assertEquals(
        "cannot write --out '" + folder + "': it is a folder; name a file in it",
        unwritten(folder.toString()));
    Plan.show(Plan.options("--out", folder.resolve("x").toString()));
    assertEquals(plan(), Files.readString(folder.resolve("x")));
  }

  private static String unwritten(String out) {
    Options options = Plan.options("--out", out);
    return assertThrows(IllegalArgumentException.class, () -> Plan.show(options)).getMessage();
  }

  @Test
  void everyMistakeIsNamed() {
    assertTrue(messageOf("--format", "pdf").contains("grid, csv, json, svg, html, trace"));
    assertTrue(messageOf("--schedule", "auto").contains("executors measure"));
    String negative = messageOf("--recompute", "auto", "--memory", "-3");
    assertTrue(negative.contains("--memory is '-3'"), negative);
    assertTrue(messageOf("--offload", "true").contains("--recompute is never"));
    assertTrue(messageOf("--schedule", "zigzag").contains("'zigzag'"));
    assertTrue(messageOf("--virtual", "0").contains("--virtual is '0'"));
    assertTrue(messageOf("--latency", "-1").contains("--latency is '-1'"));
    assertTrue(messageOf("--forward-time", "-1").contains("--forward-time is '-1'"));
    assertTrue(messageOf("--bandwidth", "0").contains("bandwidth of 0.0"));
  }
}
