package io.penstock.bench;

import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import java.util.List;
import java.util.Locale;

/** Between two ranks of one JVM the array itself is handed over: what that takes. */
final class HandOver {
  private HandOver() {}

  static void measure() throws Exception {
    LinkConfig config = LinkConfig.on("127.0.0.1");
    try (Link here = Links.open(config);
        Link there = Links.open(config)) {
      List<Address> addresses = List.of(here.address(), there.address());
      here.connect(0, addresses);
      there.connect(1, addresses);
      int count = 20_000;
      int size = 64 << 10;
      Thread echo =
          new Thread(
              () -> {
                try {
                  Carrier carrier = new Carrier.Linked(there, 1, false);
                  for (int i = 0; i < count; i++) {
                    carrier.receive(size);
                    carrier.send(size);
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      echo.start();
      double micros = LinkRates.roundTrip(new Carrier.Linked(here, 0, false), size, count) / 2;
      echo.join();
      System.out.printf(Locale.ROOT, "within one JVM, by reference: %.1f us one way%n", micros);
    }
  }
}
