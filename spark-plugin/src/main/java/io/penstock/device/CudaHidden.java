package io.penstock.device;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Class loader that hides ND4J's CUDA backend: a look for ND4J's backends does not find it, and all
 * else comes from the parent. Thread-safe.
 */
final class CudaHidden extends ClassLoader {
  private static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";
  private static final String CUDA = "jcublas";

  CudaHidden(ClassLoader parent) {
    super(parent);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    if (!name.equals(SERVICE)) {
      return super.getResources(name);
    }
    List<URL> kept = new ArrayList<>();
    for (URL file : Collections.list(super.getResources(name))) {
      if (!namesCuda(file)) {
        kept.add(file);
      }
    }
    return Collections.enumeration(kept);
  }

  private static boolean namesCuda(URL file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(file.openStream(), StandardCharsets.UTF_8))) {
      return lines.lines().anyMatch(line -> line.contains(CUDA));
    }
  }
}
