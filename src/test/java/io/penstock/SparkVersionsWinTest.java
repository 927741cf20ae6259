package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.package$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where ND4J and Spark bring the same library, Spark's version is on the class path. */
class SparkVersionsWinTest {
  private static final List<String> VERSIONS = List.of("3.5.6", "4.0.1", "4.1.0");

  @ParameterizedTest
  @CsvSource({
    "org.apache.commons.lang3.StringUtils, commons-lang3, 3.12, 3.17, 3.19",
    "org.slf4j.Logger, slf4j-api, 2.0, 2.0, 2.0",
    "com.google.flatbuffers.FlatBufferBuilder, flatbuffers-java, 1.12, 24.3, 25.2",
    "com.fasterxml.jackson.databind.ObjectMapper, jackson-databind, 2.15, 2.18, 2.20",
    "org.apache.commons.io.IOUtils, commons-io, 2.16, 2.18, 2.21",
    "org.apache.commons.codec.digest.MurmurHash3, commons-codec, 1.16, 1.17, 1.19",
    "io.netty.buffer.ByteBuf, netty-buffer, 4.1.96, 4.1.118, 4.2.7",
    "org.apache.hadoop.fs.FileSystem, hadoop-client-api, 3.3, 3.4, 3.4"
  })
  void sparksVersionIsLoaded(
      String className, String library, String on35, String on40, String on41) throws Exception {
    String spark = package$.MODULE$.SPARK_VERSION();
    assertTrue(VERSIONS.contains(spark), "Say here what comes with Spark " + spark);
    String jar = library + "-" + List.of(on35, on40, on41).get(VERSIONS.indexOf(spark)) + ".";
    URL from = Class.forName(className).getProtectionDomain().getCodeSource().getLocation();
    assertTrue(from.getPath().contains("/" + jar), className + " comes from " + from);
  }

  @Test
  void noLibraryIsThereInTwoVersions() {
    Pattern versioned = Pattern.compile(".*/([^/]+?)-\\d[^/]*\\.jar");
    List<String> watched =
        List.of("commons-lang3", "slf4j-api", "flatbuffers-java", "jackson-databind", "commons-io");
    for (String library : watched) {
      long found =
          Arrays.stream(System.getProperty("java.class.path").split(":"))
              .map(versioned::matcher)
              .filter(matcher -> matcher.matches() && matcher.group(1).equals(library))
              .count();
      assertEquals(1, found, library);
    }
  }
}
