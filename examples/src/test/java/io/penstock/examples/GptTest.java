package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@LocalSpark
class GptTest {
  private static final String[] SMALL = {
    "--width",
    "32",
    "--blocks",
    "1",
    "--heads",
    "2",
    "--length",
    "16",
    "--learning-rate",
    "0.01",
    "--epochs",
    "6"
  };

  @Test
  void aFewStepsOnTwoStagesBeatCountingCharacters(SparkSession spark) throws Exception {
    EnglishText text =
        EnglishText.of(
            IntStream.range(0, 150)
                .mapToObj(i -> "the number after " + i + " comes next")
                .toList());
    String line = Gpt.train(spark, text, SMALL).toString();
    Map<String, String> result =
        Arrays.stream(line.split(" "))
            .skip(1)
            .map(value -> value.split("=", 2))
            .collect(Collectors.toMap(value -> value[0], value -> value[1]));
    double perplexity = Double.parseDouble(result.get("perplexity"));
    double unigram = Double.parseDouble(result.get("unigram_perplexity"));
    assertTrue(perplexity < 0.5 * unigram, line);
    assertTrue(perplexity > 1, line);
    assertEquals("2", result.get("stages"));
    assertThrows(
        IllegalArgumentException.class, () -> Gpt.train(spark, text, "--temperature", "0"));
    String[] chosen = Arrays.copyOf(SMALL, SMALL.length + 2);
    chosen[SMALL.length - 1] = "1";
    chosen[SMALL.length] = "--stages";
    chosen[SMALL.length + 1] = "0";
    String taken = Gpt.train(spark, text, chosen).toString();
    assertTrue(taken.matches(".* stages=[12] stages_offered=2 .*"), taken);
  }
}
