package io.penstock.feed.rapids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.rapids.cudf.Table;
import java.io.File;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RAPIDS on the class path of this module's tests. */
@Timeout(120)
class ClassPathTest {
  /** Folders that only RAPIDS's own class loader looks into, one for each Spark. */
  private static final Pattern SHIMS = Pattern.compile("spark(\\d|-shared).*");

  @Test
  void rapidsHidesNoClassOfSparksNorIsHidden() throws Exception {
    File jar = RapidsSettings.here().jar().toFile();
    URL rapids = Table.class.getProtectionDomain().getCodeSource().getLocation();
    ClassLoader loader = getClass().getClassLoader();
    try (JarFile entries = new JarFile(jar)) {
      List<String> classes =
          entries.stream()
              .map(JarEntry::getName)
              .filter(name -> name.endsWith(".class") && !SHIMS.matcher(name).matches())
              .toList();
      assertTrue(classes.size() > 300, classes.size() + " classes");
      for (String name : classes) {
        List<URL> places = Collections.list(loader.getResources(name));
        assertEquals(1, places.size(), places.toString());
        assertTrue(places.get(0).toString().contains(rapids.getPath()), places.toString());
      }
    }
  }

  @Test
  void itStandsLast() {
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
    assertEquals(RapidsSettings.here().jar().toString(), entries[entries.length - 1]);
  }
}
