package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.plugin.PenstockPlugin;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.package$;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.objectweb.asm.ClassReader;

/**
 * The jar, compiled once, links with the Spark on the class path. What a run of the estimators
 * happens not to reach is looked at too: every class is verified, and every reference in its code
 * resolved, by the JVM itself.
 */
class OneJarTest {
  private static List<byte[]> classes;

  @BeforeAll
  static void read() throws Exception {
    Path place =
        Path.of(PenstockPlugin.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      classes = classesUnder(place);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        classes = classesUnder(jar.getPath("/"));
      }
    }
  }

  private static List<byte[]> classesUnder(Path root) throws IOException {
    List<byte[]> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(".class")) {
          found.add(Files.readAllBytes(file));
        }
      }
    }
    return found;
  }

  private static Class<?> load(byte[] bytes) throws ClassNotFoundException {
    String name = new ClassReader(bytes).getClassName().replace('/', '.');
    return Class.forName(name, false, OneJarTest.class.getClassLoader());
  }

  @Test
  @EnabledIfSystemProperty(named = "spark.test.version", matches = ".+")
  void theSparkThatWasAskedForIsThere() {
    assertEquals(System.getProperty("spark.test.version"), package$.MODULE$.SPARK_VERSION());
  }

  @Test
  void everyReferenceResolves() throws Exception {
    TreeSet<String> unresolved = new TreeSet<>();
    int references = 0;
    for (byte[] bytes : classes) {
      References of = new References(load(bytes));
      new ClassReader(bytes).accept(of, ClassReader.SKIP_DEBUG);
      references += of.count();
      unresolved.addAll(of.unresolved());
    }
    assertEquals("", String.join("\n", unresolved));
    assertTrue(references > 10 * classes.size(), references + " references in " + classes.size());
  }

  @Test
  void noConcreteClassLeavesAMethodAbstract() throws Exception {
    TreeSet<String> open = new TreeSet<>();
    for (byte[] bytes : classes) {
      Class<?> type = load(bytes);
      if (!Modifier.isAbstract(type.getModifiers())) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
          // Reading a class's own methods links it, which verifies its code and its overrides of
          // final methods.
          at.getDeclaredMethods();
        }
        for (Method method : type.getMethods()) {
          if (Modifier.isAbstract(method.getModifiers())) {
            open.add(type.getName() + " lacks " + method);
          }
        }
      }
    }
    assertEquals("", String.join("\n", open));
  }
}
