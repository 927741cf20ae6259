package io.penstock.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.testing.Command;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code notebooks/install-kernel} in a working copy whose folder has an odd name. */
@Timeout(120)
class InstallKernelTest {
  private static final String ODD = "with space %41+&(1)#'$x~";
  private static final String LOG = "-Dlog4j2.configurationFile=";

  @TempDir private Path folder;
  private Path root;

  @BeforeEach
  void copy() throws IOException {
    root = folder.resolve(ODD);
    for (String file :
        new String[] {
          "pom.xml", "examples/launch.sh", "notebooks/install-kernel", "notebooks/log4j2.properties"
        }) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.copy(
          Notebooks.FOLDER.resolveSibling(file),
          root.resolve(file),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path target = Files.createDirectories(root.resolve("notebooks/target"));
    Files.writeString(target.resolve("kernel-class-path"), "some.jar");
  }

  private Command.Outcome install(String java) throws Exception {
    Path bin = Files.createDirectories(root.resolve("bin"));
    Path tool = Files.writeString(bin.resolve("java"), "#!/bin/sh\n" + java + "\n");
    assertTrue(tool.toFile().setExecutable(true));
    ProcessBuilder builder =
        new ProcessBuilder(
            root.resolve("notebooks/install-kernel").toString(),
            "--no-build",
            "--jupyter-path",
            root.resolve("jupyter").toString());
    builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    builder.environment().put("JAVA_HOME", "");
    return Command.run(builder);
  }

  @Test
  void theKernelFindsItsLogAndFoldersWhateverTheirNames() throws Exception {
    Command.Outcome installed =
        install("echo 'openjdk version \"17.0.1\"' >&2; echo jdk.jshell@17.0.1");
    assertEquals(0, installed.status(), installed.err());
    JsonNode kernel = Notebooks.read(root.resolve("jupyter/kernels/penstock-java/kernel.json"));
    String log = "";
    for (JsonNode word : kernel.get("argv")) {
      if (word.asText().startsWith(LOG)) {
        log = word.asText().substring(LOG.length());
      }
    }
    assertEquals(root.resolve("notebooks/log4j2.properties"), Path.of(URI.create(log)));
    assertEquals(root.resolve("examples").toString(), kernel.at("/env/PENSTOCK_EXAMPLES").asText());
  }

  @Test
  void anOldJavaIsCalledByItsVersion() throws Exception {
    Command.Outcome old = install("echo 'java version \"1.8.0_412\"' >&2; exit 1");
    assertEquals(1, old.status());
    assertEquals(1, old.err().lines().count(), old.err());
    assertTrue(old.err().contains("is Java 8; Spark 4.0 runs on 17 to 22"), old.err());
  }
}
