package io.penstock.feed.rapids;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.feed.QueryColumns;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RapidsColumnsTest {
  @Test
  void theServiceLoaderFindsThem() {
    List<?> found =
        ServiceLoader.load(QueryColumns.class).stream().map(ServiceLoader.Provider::type).toList();
    assertEquals(List.of(RapidsColumns.class), found);
  }

  @Test
  void thereAreNoneWithoutItsPluginThoughItsJarIsThere() throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      assertEquals(Optional.empty(), new RapidsColumns().of(spark.range(3).toDF()));
    }
  }
}
