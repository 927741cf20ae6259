package io.penstock.examples;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * English to learn from, in two parts that share no line.
 *
 * @param train lines, each with a line feed after it
 * @param heldBack every tenth line, to test on
 */
record EnglishText(String train, String heldBack) {
  private static final String MESSAGES = "/error/error-conditions.json";
  private static final int ONE_IN = 10;

  /**
   * What Spark says when something is wrong: 150,000 characters of sentences such as "Cannot use
   * all columns for partition columns." They are Apache Spark's own, under the Apache License 2.0,
   * and are read out of the jar {@code spark-common-utils} that every Spark has.
   *
   * @throws IOException if this Spark keeps its messages elsewhere
   */
  static EnglishText sparkMessages() throws IOException {
    try (InputStream json = SparkException.class.getResourceAsStream(MESSAGES)) {
      if (json == null) {
        throw new IOException(
            "No "
                + MESSAGES
                + " on the class path: take Spark 4.0, or a text of your own with --text FILE");
      }
      List<String> lines = new ArrayList<>();
      for (JsonNode condition : new ObjectMapper().readTree(json)) {
        addMessage(condition, lines);
        condition.path("subClass").forEach(part -> addMessage(part, lines));
      }
      return of(lines);
    }
  }

  private static void addMessage(JsonNode condition, List<String> lines) {
    condition.path("message").forEach(line -> lines.add(line.asText()));
  }

  /**
   * Of lines; one that was there before is left out, so that no tested line was trained on.
   *
   * @throws IllegalArgumentException if there are too few to hold some back
   */
  static EnglishText of(List<String> lines) {
    Set<String> different = new LinkedHashSet<>();
    lines.stream().map(String::strip).filter(line -> !line.isEmpty()).forEach(different::add);
    if (different.size() < ONE_IN) {
      throw new IllegalArgumentException(
          "the text has "
              + different.size()
              + " different lines; every tenth is held back, so give it "
              + ONE_IN
              + " or more");
    }
    StringBuilder train = new StringBuilder();
    StringBuilder heldBack = new StringBuilder();
    int number = 0;
    for (String line : different) {
      (++number % ONE_IN == 0 ? heldBack : train).append(line).append('\n');
    }
    return new EnglishText(train.toString(), heldBack.toString());
  }
}
