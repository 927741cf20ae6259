package io.penstock.ui.tab;

import io.penstock.Amount;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEnded;
import io.penstock.event.RunIncident;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import java.util.List;
import java.util.Locale;

/** Table of a run's incidents besides its epochs, oldest first. */
record EventTable(RunState run) {
  Element element() {
    Table table = new Table(List.of("Time", "Event", "Details"));
    row(table, run.started().time(), "started", run.runId());
    RanksReady ready = run.ready();
    boolean told = ready == null;
    for (RunIncident incident : run.incidents()) {
      if (!told && ready.time() <= incident.time()) {
        ready(table, ready);
        told = true;
      }
      row(table, incident.time(), name(incident), details(incident));
    }
    if (!told) {
      ready(table, ready);
    }
    RunEnded end = run.ended();
    if (end != null) {
      row(table, end.time(), run.phase().words, ending(end));
    } else if (run.abandonedAt() > 0) {
      row(table, run.abandonedAt(), run.phase().words, "the application ended before the run");
    }
    return Element.of("div", "penstock-card")
        .add(
            Element.of("div", "penstock-head").add(Element.of("h5").text("Events")),
            table.element());
  }

  private static void ready(Table table, RanksReady ready) {
    row(
        table,
        ready.time(),
        "all ranks ready",
        String.format(
            Locale.ROOT,
            "%s taken in, %s",
            new Amount(ready.rows(), "row"),
            new Amount(ready.places().size(), "rank")));
  }

  private static String name(RunIncident incident) {
    return switch (incident.kind()) {
      case CHECKPOINT -> "checkpoint written";
      case RETRY -> "tried again";
      case RECUT -> "cut anew";
      case FAILURE -> incident.failure().words();
      case DECOMMISSIONING -> "executor is leaving";
      case STOPPED_EARLY -> "stopped early";
      case STEP_SKIPPED -> "step skipped";
      case UNLIKE_ARITHMETIC -> "ranks compute unlike";
    };
  }

  private static String ending(RunEnded end) {
    Integer rank = end.rank();
    return new Amount(end.epochs(), "epoch")
        + " done"
        + (end.failure() == null ? "" : ", " + end.failure().words())
        + (rank == null ? "" : ", " + place(rank, end.host()));
  }

  private static String place(int rank, String host) {
    return "rank " + rank + (host == null ? "" : " on " + host);
  }

  private static String details(RunIncident incident) {
    return (incident.rank() >= 0 ? place(incident.rank(), incident.host()) + ": " : "")
        + (incident.epoch() >= 0 ? "epoch " + (incident.epoch() + 1) + ", " : "")
        + (incident.seconds() > 0 ? Format.duration(incident.seconds()) + ", " : "")
        + incident.text();
  }

  private static void row(Table table, long time, String name, String details) {
    table.row(
        Element.of("span", "text-nowrap").text(Format.moment(time)),
        Element.of("span", "text-nowrap").text(name),
        Element.of("span", "penstock-details").text(details));
  }
}
