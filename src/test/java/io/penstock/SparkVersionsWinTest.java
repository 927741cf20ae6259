package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where ND4J and Spark bring the same library, Spark's version is on the class path. */
class SparkVersionsWinTest {
  @ParameterizedTest
  @CsvSource({
    "org.apache.commons.lang3.JavaVersion, commons-lang3-3.17",
    "org.slf4j.Logger, slf4j-api-2.0",
    "com.google.flatbuffers.FlatBufferBuilder, flatbuffers-java-24.3",
    "com.fasterxml.jackson.databind.ObjectMapper, jackson-databind-2.18",
    "org.apache.commons.io.IOUtils, commons-io-2.18",
    "org.apache.commons.codec.digest.MurmurHash3, commons-codec-1.17",
    "io.netty.buffer.ByteBuf, netty-buffer-4.1.118"
  })
  void sparksVersionIsLoaded(String className, String jar) throws Exception {
    URL from = Class.forName(className).getProtectionDomain().getCodeSource().getLocation();
    assertTrue(from.getPath().contains("/" + jar), className + " comes from " + from);
  }

  @Test
  void noLibraryIsThereInTwoVersions() {
    Pattern versioned = Pattern.compile(".*/((?:[a-zA-Z_][\\w]*[.-]?)+?)-(\\d[^/]*)\\.jar");
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
