package io.penstock.nn.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.loss.Losses;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworksPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("penstock.root", ".."), "docs/networks.md");

  /** What the builder has besides layers. */
  private static final Set<String> NO_LAYERS = Set.of("build", "size", "loss");

  @Test
  void everyLayerOfTheBuilderAndEveryLossIsNamed() throws IOException {
    String page = Files.readString(PAGE);
    Stream<String> layers =
        ownPublic(NetworkBuilder.class).filter(name -> !NO_LAYERS.contains(name));
    Stream<String> losses = ownPublic(Losses.class).filter(name -> !name.equals("named"));
    List<String> missing =
        Stream.concat(layers, losses)
            .distinct()
            .filter(name -> !page.contains("`" + name + "`") && !page.contains("`" + name + "("))
            .sorted()
            .toList();
    assertEquals(List.of(), missing, "docs/networks.md lacks rows");
  }

  private static Stream<String> ownPublic(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .map(Method::getName);
  }
}
