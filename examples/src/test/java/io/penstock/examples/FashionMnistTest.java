package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@LocalSpark
class FashionMnistTest {
  private static SparkSession spark;
  @TempDir private Path folder;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  private FashionMnist written(int train, int test) throws IOException {
    Files.write(folder.resolve("train-images-idx3-ubyte.gz"), IdxFiles.images(train));
    Files.write(folder.resolve("train-labels-idx1-ubyte.gz"), IdxFiles.labels(train));
    Files.write(folder.resolve("t10k-images-idx3-ubyte.gz"), IdxFiles.images(test));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), IdxFiles.labels(test));
    return new FashionMnist(spark, folder.toString());
  }

  @Test
  void originalFilesComeBackRowByRow() throws IOException {
    FashionMnist data = written(25, 4);
    List<Row> images = data.images("train").collectAsList();
    assertEquals(25, images.size());
    for (int i = 0; i < 25; i++) {
      assertArrayEquals(IdxFiles.image(i), images.get(i).<byte[]>getAs("image"));
      assertEquals(IdxFiles.label(i), images.get(i).<Integer>getAs("label"));
    }
    assertEquals(4, data.test().count());
  }

  @Test
  void featuresAreThePixelsFromZeroToOne() throws IOException {
    Row row = written(2, 1).train().collectAsList().get(1);
    assertEquals(8.0, row.<Double>getAs("label"));
    List<Float> features = row.getList(row.fieldIndex("features"));
    assertEquals(FashionMnist.FEATURES, features.size());
    assertEquals(7 / 255f, features.get(0));
    assertEquals(1f, features.get(255 - 7));
    assertEquals(0f, features.get(256 - 7));
  }

  @Test
  void aSampleHoldsTheFirstOfEachClassInOrder() throws IOException {
    Dataset<Row> images = written(100, 1).images("train");
    List<Row> sample = SampleFashionMnist.firstOfEachClass(images, 2).collectAsList();
    assertEquals(20, sample.size());
    for (int i = 0; i < 20; i++) {
      assertArrayEquals(IdxFiles.image(i), sample.get(i).<byte[]>getAs("image"));
    }
  }

  @Test
  void theShippedSampleIsWholeAndEven() {
    String root = System.getProperty("penstock.root");
    FashionMnist shipped = new FashionMnist(spark, root + "/examples/data/fashion-mnist");
    assertEven(shipped.train(), 1200);
    assertEven(shipped.test(), 200);
  }

  private static void assertEven(Dataset<Row> rows, long ofEachClass) {
    List<Row> classes =
        rows.where(functions.size(functions.col("features")).equalTo(FashionMnist.FEATURES))
            .groupBy("label")
            .count()
            .orderBy("label")
            .collectAsList();
    assertEquals(FashionMnist.CLASSES, classes.size());
    for (int label = 0; label < FashionMnist.CLASSES; label++) {
      assertEquals((double) label, classes.get(label).getDouble(0));
      assertEquals(ofEachClass, classes.get(label).getLong(1));
    }
  }

  @Test
  void aFolderWithoutTheDataIsNamedWithWhereToGetThem() {
    FashionMnist nothing = new FashionMnist(spark, folder.toString());
    String message = assertThrows(IllegalArgumentException.class, nothing::test).getMessage();
    assertTrue(message.contains(folder.toString()), message);
    assertTrue(message.contains("t10k-images-idx3-ubyte.gz"), message);
    assertTrue(message.contains("dataset-fashion-mnist"), message);
  }
}
