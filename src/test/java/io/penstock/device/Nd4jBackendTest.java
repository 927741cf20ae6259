package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Nd4jBackendTest {
  private static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

  @Test
  void theFirstChoiceIsForEver() {
    Nd4jBackend first = Nd4jBackend.CPU.choose(); // CUDA if another test of this process chose it
    assertEquals(first, Nd4jBackend.CUDA.choose());
    assertEquals(first, Nd4jBackend.CPU.choose());
    assertEquals(Optional.of(first), Nd4jBackend.chosen());
    assertEquals(first, Nd4jBackend.loaded());
  }

  @Test
  void cudaIsHiddenFromTheLookForBackendsOnly(@TempDir Path directory) throws IOException {
    Path service = directory.resolve(SERVICE);
    Files.createDirectories(service.getParent());
    Files.writeString(service, "org.nd4j.linalg.jcublas.JCublasBackend\n");
    URL[] jars = {directory.toUri().toURL()};
    try (URLClassLoader both = new URLClassLoader(jars, Nd4jBackendTest.class.getClassLoader())) {
      URL cuda = service.toUri().toURL();
      assertTrue(files(both).contains(cuda));
      List<URL> left = files(new CudaHidden(both));
      assertFalse(left.contains(cuda));
      assertEquals(1, left.size(), left.toString());
    }
  }

  private static List<URL> files(ClassLoader loader) throws IOException {
    return Collections.list(loader.getResources(SERVICE));
  }
}
