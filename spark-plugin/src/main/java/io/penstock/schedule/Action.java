package io.penstock.schedule;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One unit of a stage's work on one micro-batch, written as stage, kind, micro-batch: {@code 2F0},
 * {@code 1SEND_B3}; or of its work at the end of a mini-batch, written without: {@code 2UPDATE}. A
 * send bears the sending stage, a receive the receiving one, so that every action bears a stage of
 * the rank that does it. Immutable.
 *
 * @param stage the stage that does it, from 0
 * @param kind what it does
 * @param microBatch the micro-batch it is done on, from 0
 */
public record Action(int stage, ActionKind kind, int microBatch) implements Serializable {
  private static final String KINDS =
      Arrays.stream(ActionKind.values()).map(ActionKind::name).collect(Collectors.joining("|"));
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(" + KINDS + ")(\\d{0,9})");

  private static final Set<Byte> INVISIBLE =
      Set.of(Character.CONTROL, Character.FORMAT, Character.SPACE_SEPARATOR);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the stage or the micro-batch is negative
   */
  public Action {
    Objects.requireNonNull(kind, "kind");
    if (stage < 0 || microBatch < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "stage %d, micro-batch %d: both count from 0", stage, microBatch));
    }
  }

  /**
   * Reads what {@link #toString()} writes.
   *
   * @throws IllegalArgumentException if the text is no action; the message says how to write one
   */
  public static Action parse(String text) {
    Matcher parts = TEXT.matcher(text);
    boolean matches = parts.matches();
    boolean numbered = matches && !parts.group(3).isEmpty();
    if (!matches || !(numbered || ActionKind.valueOf(parts.group(2)).endsMiniBatch())) {
      throw new IllegalArgumentException(
          String.format(
                  Locale.ROOT,
                  "'%s' is not an action: write stage, kind and micro-batch without spaces, such as"
                      + " 2F0",
                  visible(text))
              + " or 1SEND_B3; the kinds are "
              + KINDS.replace("|", ", "));
    }
    return new Action(
        Integer.parseInt(parts.group(1)),
        ActionKind.valueOf(parts.group(2)),
        numbered ? Integer.parseInt(parts.group(3)) : 0);
  }

  /**
   * Returns the text with invisible characters, such as a blank of no width, written by their
   * codes.
   */
  private static String visible(String text) {
    return text.codePoints()
        .mapToObj(
            point ->
                point == ' ' || !INVISIBLE.contains((byte) Character.getType(point))
                    ? Character.toString(point)
                    : "\\u" + HexFormat.of().toHexDigits((char) point))
        .collect(Collectors.joining());
  }

  /** Returns this stage's action of another kind on the same micro-batch. */
  public Action as(ActionKind other) {
    return new Action(stage, other, microBatch);
  }

  /** Returns this action on the micro-batch that comes so many later. */
  public Action later(int microBatches) {
    return new Action(stage, kind, microBatch + microBatches);
  }

  /** Returns this action on another stage. */
  public Action on(int otherStage) {
    return new Action(otherStage, kind, microBatch);
  }

  @Override
  public String toString() {
    return stage + kind.name() + (kind.endsMiniBatch() && microBatch == 0 ? "" : microBatch);
  }
}
