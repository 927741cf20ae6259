package io.penstock.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * Inputs for readers: good ones that were changed in some places, and noise. {@code
 * -Dpenstock.fuzz.seed=7} makes others than usual.
 */
public final class Inputs {
  private static final int MOST_CHANGES = 4;
  private static final int MOST_NOISE = 200;

  private Inputs() {}

  /** The texts as bytes. */
  public static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** Any of the good inputs, changed. */
  public static Arbitrary<byte[]> of(List<byte[]> good) {
    Arbitrary<byte[]> changed = damages().map(damage -> damage.to(good));
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(MOST_NOISE);
    return Arbitraries.frequencyOf(Tuple.of(19, changed), Tuple.of(1, noise));
  }

  /** Any of the good texts, changed. */
  public static Arbitrary<String> ofTexts(List<String> good) {
    return of(bytes(good)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Damages, for a reader of many files. */
  public static Arbitrary<Damage> damages() {
    return Combinators.combine(
            Arbitraries.integers().withDistribution(RandomDistribution.uniform()),
            Arbitraries.longs()
                .withDistribution(RandomDistribution.uniform())
                .list()
                .ofMinSize(1)
                .ofMaxSize(MOST_CHANGES))
        .as(Damage::new);
  }
}
