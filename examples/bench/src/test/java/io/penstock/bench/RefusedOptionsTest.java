package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.examples.Example;
import io.penstock.examples.Option;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no option of an example takes is refused as soon as the command line is read. */
class RefusedOptionsTest {
  /** Lines of the launcher's table: name, class, master, what it does. */
  private static final Pattern LINE =
      Pattern.compile("^([a-z][a-z-]*) +([A-Z][A-Za-z]+) +\\S+ {2,}\\S.*$", Pattern.MULTILINE);

  /** JMH's own, which says itself what is wrong. */
  private static final Set<String> OWN = Set.of("Jmh");

  /** Names of files and folders, which are looked for by whoever takes them. */
  private static final Set<String> FREE =
      Set.of(
          "etl.work",
          "fashion-cnn.data",
          "fashion-cnn.model",
          "fashion-mnist.data",
          "fashion-mnist.model",
          "gpt.text",
          "large-network.dir",
          "plan.out",
          "sample-fashion-mnist.data",
          "sample-fashion-mnist.out");

  static Stream<Example> examples() throws IOException {
    String launcher =
        Files.readString(Path.of(System.getProperty("penstock.root"), "examples", "run"));
    return LINE.matcher(launcher)
        .results()
        .map(line -> line.group(2))
        .filter(name -> !OWN.contains(name))
        .map(RefusedOptionsTest::example);
  }

  private static Example example(String name) {
    for (String room : List.of("examples", "bench")) {
      try {
        Field field = Class.forName("io.penstock." + room + "." + name).getDeclaredField("EXAMPLE");
        field.setAccessible(true);
        return (Example) field.get(null);
      } catch (ClassNotFoundException elsewhere) {
        // It is in the other one.
      } catch (ReflectiveOperationException none) {
        throw new AssertionError(name + " declares no EXAMPLE", none);
      }
    }
    throw new AssertionError("there is no class " + name);
  }

  @Test
  void theTableHasAllThereAre() throws IOException {
    assertTrue(examples().count() >= 20);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aValueThatAnOptionDoesNotTakeIsNamedWithTheOption(Example example) {
    for (Option option : example.options()) {
      if (!FREE.contains(example.name() + "." + option.name())) {
        String said = said(example, "--" + option.name(), "no/such,thing");
        assertTrue(said.startsWith("--" + option.name() + " "), said);
        assertTrue(said.contains("no/such"), said);
        assertFalse(said.contains("["), said);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anUnknownOptionIsNamedWithThoseThereAre(Example example) {
    String said = said(example, "--nope", "1");
    assertTrue(said.startsWith("Unknown option '--nope'"), said);
    example.options().forEach(option -> assertTrue(said.contains("--" + option.name()), said));
  }

  private static String said(Example example, String... arguments) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> example.parse(arguments),
            () -> example.name() + " takes " + String.join(" ", arguments))
        .getMessage();
  }
}
