package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.Languages;
import io.penstock.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@LocalSpark
class LanguageTest {
  @TempDir Path directory;

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString())
          .filter(name -> name.startsWith("data"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aModelIsFittedAndSavedTheSameInEveryLanguage(SparkSession spark) throws Exception {
    Dataset<Row> rows = Blobs.rows(spark);
    PipelineParallelClassificationModel plain = Blobs.classifier().setMaxIter(1).fit(rows);
    plain.save(directory.resolve("plain").toString());
    String told =
        Languages.inArabic(
            () -> {
              PipelineParallelClassifier estimator =
                  Blobs.classifier().setMaxIter(1).setHandleInvalid("SKIP");
              PipelineParallelClassificationModel model = estimator.fit(rows);
              model.save(directory.resolve("arabic").toString());
              return estimator.explain(rows) + " " + model.training();
            });
    assertTrue(told.chars().noneMatch(one -> one >= '\u0660' && one <= '\u06f9'), told);
    assertEquals(names(directory.resolve("plain")), names(directory.resolve("arabic")));
    PipelineParallelClassificationModel loaded =
        PipelineParallelClassificationModel.load(directory.resolve("arabic").toString());
    for (int layer : List.of(0, 2)) {
      assertArrayEquals(
          plain.parameters().get(layer).values(), loaded.parameters().get(layer).values());
    }
  }
}
