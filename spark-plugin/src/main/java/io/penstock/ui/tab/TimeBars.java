package io.penstock.ui.tab;

import io.penstock.event.EpochCompleted;
import io.penstock.train.RankTimes;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Stacked bars of every rank's time in the newest epoch. */
record TimeBars(RunState run) {
  private static final int HEIGHT = 20;

  /** One part of a bar. */
  private record Part(String name, String style, double share, double seconds) {}

  Element element() {
    Element card = Element.of("div", "penstock-card");
    Element head = Element.of("div", "penstock-head").add(Element.of("h5").text("Where time goes"));
    Optional<EpochCompleted> newest = run.epochs().newest();
    if (newest.isEmpty()) {
      return card.add(
          head,
          Element.of("p", "text-muted penstock-empty").text("Nothing yet: see after an epoch."));
    }
    EpochCompleted epoch = newest.get();
    for (Part part : parts(epoch.ranks().get(0), epoch.seconds())) {
      head.add(
          Element.of("span", "penstock-key")
              .add(Element.of("i", part.style()), Element.of("span").text(part.name())));
    }
    head.add(
        Element.of("span", "penstock-key")
            .text(
                String.format(
                    Locale.ROOT,
                    "epoch %d, %s",
                    epoch.epoch() + 1,
                    Format.duration(epoch.seconds()))));
    card.add(head);
    for (int rank = 0; rank < epoch.ranks().size(); rank++) {
      card.add(bar(rank, epoch.ranks().get(rank), epoch.seconds()));
    }
    return card;
  }

  private static List<Part> parts(RankTimes times, double seconds) {
    double known = times.busySeconds() + times.moveSeconds() + times.waitSeconds();
    double other = Math.max(0, times.seconds() - known);
    double early = Math.max(0, seconds - times.seconds());
    return List.of(
        part("computing", "penstock-busy", times.busySeconds(), seconds),
        part("moving", "penstock-move", times.moveSeconds(), seconds),
        part("other", "penstock-other", other, seconds),
        part("waiting", "penstock-wait", times.waitSeconds() + early, seconds));
  }

  private static Part part(String name, String style, double seconds, double all) {
    return new Part(name, style, Math.min(1, seconds / all), seconds);
  }

  private static Element bar(int rank, RankTimes times, double seconds) {
    Element svg = Element.of("svg", "penstock-bar").with("width", "100%").with("height", HEIGHT);
    double at = 0;
    for (Part part : parts(times, seconds)) {
      double share = Math.min(part.share(), 1 - at);
      svg.add(
          Element.of("rect", part.style())
              .with("x", Format.of("%.3f%%", 100 * at))
              .with("width", Format.of("%.3f%%", 100 * share))
              .with("height", HEIGHT)
              .add(
                  Element.of("title")
                      .text(
                          String.format(
                              Locale.ROOT,
                              "rank %d, %s: %s, %s",
                              rank,
                              part.name(),
                              Format.duration(part.seconds()),
                              Format.share(part.share())))));
      at += share;
    }
    String words =
        String.format(
            Locale.ROOT,
            "computing %s, sent %s, received %s",
            Format.share(Math.min(1, times.busySeconds() / seconds)),
            Format.bytes(times.bytesSent()),
            Format.bytes(times.bytesReceived()));
    if (times.gradientBytes() > 0) {
      double beside = (double) times.besideBytes() / times.gradientBytes();
      words +=
          ", of which gradients "
              + Format.bytes(times.gradientBytes())
              + ", "
              + Format.share(beside)
              + " of them beside the backward";
    }
    return Element.of("div", "penstock-time")
        .add(
            Element.of("span", "penstock-rank").text("rank " + rank),
            svg,
            Element.of("small", "text-muted").text(words));
  }
}
