package io.penstock.ui.tab;

import io.penstock.Amount;
import io.penstock.event.LayerPlan;
import io.penstock.event.RankPlace;
import io.penstock.event.RunIncident;
import io.penstock.event.StagePlan;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Table of the cut: the layers, executor and memory of every stage. */
record CutTable(RunState run) {
  private static final int SHOWN = 12;
  private static final List<String> HEADS =
      List.of("Stage", "Executor", "Layers", "Parameters", "State", "Activations");

  Element element() {
    Table table = new Table(HEADS);
    for (StagePlan stage : run.started().stages()) {
      table.row(
          Element.of("span").text(stage.index()),
          places(stage.rank()),
          layers(stage.layers()),
          Element.of("span").text(Format.count(stage.parameters())),
          Element.of("span")
              .with("title", "weights, gradients and the updater's state")
              .text(Format.bytes(stage.stateBytes())),
          Element.of("span")
              .with("title", "micro-batches in flight at most, and what each keeps")
              .text(
                  String.format(
                      Locale.ROOT,
                      "%d × %s%s",
                      stage.inFlight(),
                      Format.bytes(stage.activationBytes()),
                      stage.recomputed() ? ", recomputed" : "")));
    }
    return Element.of("div", "penstock-card")
        .add(
            Element.of("div", "penstock-head")
                .add(
                    Element.of("h5").text("The cut"),
                    Element.of("span", "penstock-key")
                        .text(
                            String.format(
                                Locale.ROOT,
                                "%s on %s, mini-batches of %s",
                                new Amount(run.started().parameters(), "parameter"),
                                new Amount(run.started().stages().size(), "stage"),
                                new Amount(run.started().batchSize(), "row")))),
            table.element(),
            arithmetic());
  }

  /** Returns the places of a stage, of each replica one. */
  private Element places(int rank) {
    int replicas = Math.max(1, run.started().replicas());
    if (replicas == 1) {
      return place(rank);
    }
    Element all = Element.of("div");
    int each = run.started().ranks() / replicas;
    for (int replica = 0; replica < Math.min(replicas, SHOWN); replica++) {
      all.add(Element.of("div").add(place(rank + replica * each)));
    }
    return replicas <= SHOWN
        ? all
        : all.add(Element.of("div").text("… " + (replicas - SHOWN) + " more"));
  }

  /**
   * Returns the arithmetic of the ranks: a line each kind, and that bits depend on the cut if
   * several.
   */
  private Element arithmetic() {
    Element lines = Element.of("div", "penstock-arithmetic");
    if (run.ready() == null) {
      return lines;
    }
    Map<String, List<Integer>> whose = new LinkedHashMap<>();
    List<String> told = run.ready().arithmetic();
    for (int rank = 0; rank < told.size(); rank++) {
      whose.computeIfAbsent(told.get(rank), line -> new ArrayList<>()).add(rank);
    }
    whose.forEach(
        (line, ranks) ->
            lines.add(
                Element.of("div", "text-muted")
                    .text((whose.size() == 1 ? "every rank " : "rank " + words(ranks)) + line)));
    run.incidents().stream()
        .filter(incident -> incident.kind() == RunIncident.Kind.UNLIKE_ARITHMETIC)
        .reduce((earlier, later) -> later) // of the newest attempt
        .filter(incident -> incident.time() >= run.ready().time())
        .ifPresent(
            incident -> lines.add(Element.of("div", "alert alert-warning").text(incident.text())));
    return lines;
  }

  private static String words(List<Integer> ranks) {
    return ranks.stream().map(String::valueOf).collect(Collectors.joining(", ", "", " "));
  }

  private Element place(int rank) {
    Element words = Element.of("span").text("rank " + rank);
    if (run.ready() != null && rank < run.ready().places().size()) {
      RankPlace place = run.ready().places().get(rank);
      String gpus = place.gpus().isEmpty() ? "" : ", GPU " + String.join(" ", place.gpus());
      words
          .with("title", "process " + place.pid())
          .add(Element.of("br"))
          .add(
              Element.of("small", "text-muted")
                  .text("executor " + place.executor() + " on " + place.host() + gpus));
    }
    return words;
  }

  private static Element layers(List<LayerPlan> layers) {
    Element all = Element.of("div", "penstock-layers");
    layers.stream().limit(SHOWN).forEach(layer -> all.add(chip(layer)));
    if (layers.size() > SHOWN) {
      Element rest = Element.of("div", "penstock-layers");
      layers.stream().skip(SHOWN).forEach(layer -> rest.add(chip(layer)));
      String words = String.format(Locale.ROOT, "and %d more", layers.size() - SHOWN);
      all.add(Element.of("details").add(Element.of("summary").text(words), rest));
    }
    return all;
  }

  private static Element chip(LayerPlan layer) {
    return Element.of("span", "penstock-chip")
        .with("title", layer.words())
        .add(
            Element.of("b").text(layer.index() + " " + layer.kind()),
            Element.of("small").text(shapes(layer)));
  }

  /** Returns the shapes of a layer's input and output; empty where they are equal. */
  private static String shapes(LayerPlan layer) {
    return layer.input().equals(layer.output()) ? "" : " " + layer.input() + " → " + layer.output();
  }
}
