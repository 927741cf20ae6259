package io.penstock.compute.host.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The machine code that runs is of the versions that the POM names, and each is there once. */
class NativeVersionsTest {
  private static final String PREFIX = "META-INF/maven/org.bytedeco/";

  @Test
  void eachOfJavaCppsLibrariesIsThereInTheOneVersionThatThePomNames() throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    for (String name : new String[] {"javacpp", "openblas", "dnnl", "opencl"}) {
      for (URL url : resources(PREFIX + name + "/pom.properties")) {
        Properties properties = new Properties();
        try (InputStream in = url.openStream()) {
          properties.load(in);
        }
        found.computeIfAbsent(name, n -> new TreeSet<>()).add(properties.getProperty("version"));
      }
    }
    assertEquals(
        Map.of(
            "javacpp", Set.of(named("javacpp")),
            "openblas", Set.of(named("openblas")),
            "dnnl", Set.of(named("onednn")),
            "opencl", Set.of(named("opencl"))),
        found);
  }

  @Test
  void oneDnnItselfIsOfThatVersion() throws IOException {
    assumeTrue(OneDnn.isThere(), "no oneDNN for this platform");
    dnnl_version_t loaded = dnnl.dnnl_version();
    assertTrue(
        named("onednn").startsWith(loaded.major() + "." + loaded.minor()),
        () -> "loaded: " + loaded.major() + "." + loaded.minor() + "." + loaded.patch());
  }

  @Test
  void theOnlyLibrariesThatAreLoadedComeFromTheseJars() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    assumeTrue(Files.exists(maps), "only Linux tells what a process has loaded");
    Nd4j.zeros(DataType.FLOAT, 1);
    Loader.load(openblas_nolapack.class);
    Loader.load(dnnl.class);
    Pattern jar =
        Pattern.compile("/(javacpp|openblas|dnnl|opencl)-([0-9][^/]*?)-[a-z]+-[^/]*\\.jar/");
    Map<String, Set<String>> loaded = new TreeMap<>();
    for (String line : Files.readAllLines(maps)) {
      Matcher matcher = jar.matcher(line);
      if (matcher.find()) {
        loaded.computeIfAbsent(matcher.group(1), n -> new TreeSet<>()).add(matcher.group(2));
      }
    }
    assertEquals(Set.of(named("openblas")), loaded.get("openblas"), loaded::toString);
    assertEquals(Set.of(named("onednn")), loaded.get("dnnl"), loaded::toString);
    assertEquals(Set.of(named("javacpp")), loaded.get("javacpp"), loaded::toString);
  }

  private static Iterable<URL> resources(String name) throws IOException {
    return Collections.list(NativeVersionsTest.class.getClassLoader().getResources(name));
  }

  /** What the parent POM says. */
  private static String named(String library) throws IOException {
    String pom = Files.readString(Path.of(System.getProperty("penstock.root"), "pom.xml"));
    Matcher matcher = Pattern.compile("<" + library + "\\.version>([^<]+)</").matcher(pom);
    assertTrue(matcher.find(), library);
    return matcher.group(1);
  }
}
