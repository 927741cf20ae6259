package io.penstock.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Gives a reader many damaged and hostile inputs. Each must be read, or refused by an exception
 * that is documented, with a message. How many inputs of each kind, and the first one's seed, are
 * system properties: {@code -Dpenstock.fuzz.inputs=1000000 -Dpenstock.fuzz.seed=7}. An input that
 * fails is told with its own seed, by which it comes again as the first.
 */
public final class Fuzz {
  private static final String INPUTS = "penstock.fuzz.inputs";
  private static final String SEED = "penstock.fuzz.seed";
  private static final int USUAL_INPUTS = 10_000;

  /** So many show that both happen, reading and refusing. */
  private static final int TELLING = 1000;

  private static final int SHOWN = 2000;

  private Fuzz() {}

  /** What is tried. */
  @FunctionalInterface
  public interface Reader {
    /** Makes an input and reads it; what a mutator makes last is shown if that fails. */
    void read(Input input) throws Exception;
  }

  /** What one input is made of. */
  public static final class Input {
    private final Mutator mutator;
    private byte[] last = new byte[0];

    private Input(Mutator mutator) {
      this.mutator = mutator;
    }

    /** Where else to take chance from. */
    public Mutator mutator() {
      return mutator;
    }

    /** Any of the seeds, changed. */
    public byte[] bytes() {
      last = mutator.next();
      return last;
    }

    /** This one, changed. */
    public byte[] changed(byte[] good) {
      last = mutator.changed(good);
      return last;
    }

    /** Any of the seeds, changed, as text. */
    public String text() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }
  }

  /** The seeds as bytes. */
  public static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /**
   * Tries a reader.
   *
   * @param share one input of so many is tried: 1 for all, more where a reader is slow
   * @param refusals the exceptions that are documented, and not what extends them
   */
  public static void run(
      int share, List<byte[]> seeds, Set<Class<? extends Exception>> refusals, Reader reader) {
    int inputs = Math.max(1, Integer.getInteger(INPUTS, USUAL_INPUTS) / share);
    long first = Long.getLong(SEED, 1);
    int read = 0;
    for (long seed = first; seed < first + inputs; seed++) {
      // If it never ends, JUnit's time limit names the thread.
      Thread.currentThread().setName("-D" + SEED + "=" + seed);
      Input input = new Input(new Mutator(seed, seeds));
      try {
        reader.read(input);
        read++;
      } catch (Throwable thrown) {
        if (!refusals.contains(thrown.getClass())
            || thrown.getMessage() == null
            || thrown.getMessage().isBlank()) {
          throw failed(seed, input.last, thrown);
        }
      }
    }
    if (inputs >= TELLING && (read == 0 || read == inputs)) {
      throw new AssertionError(
          read + " of " + inputs + " inputs were read: the seeds or the changes tell nothing.");
    }
  }

  private static AssertionError failed(long seed, byte[] input, Throwable thrown) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    return new AssertionError(
        "Neither read nor refused as is documented, but "
            + thrown
            + ". Again with -D"
            + SEED
            + "="
            + seed
            + " -D"
            + INPUTS
            + "=1. Input, "
            + input.length
            + " bytes: "
            + text.substring(0, Math.min(text.length(), SHOWN)),
        thrown);
  }
}
