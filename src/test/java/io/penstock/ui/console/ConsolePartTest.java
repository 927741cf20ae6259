package io.penstock.ui.console;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.ui.tab.Dialogue;
import io.penstock.ui.tab.GatedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process that trains, with a terminal and without. */
@Timeout(120)
class ConsolePartTest {
  private static final int COLUMNS = 90;

  private static String java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(options));
    command.add(GatedRun.class.getName());
    return String.join(" ", command);
  }

  private static Dialogue begin(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().remove("COLUMNS");
    return new Dialogue(builder);
  }

  @Test
  @EnabledOnOs(OS.LINUX) // other systems' script takes other options
  void aTerminalShowsOneLineUnderWhatOthersWrite() throws Exception {
    String command = java("-Dspark.ui.showConsoleProgress=true");
    String shell = "stty -echo; COLUMNS=" + COLUMNS + " exec " + command;
    String drawn = "\\r(\\[[=> ]+\\]  )?epoch 1/2  step [12]/9  loss [\\d.]+ [^\r]* left *\\r";
    try (Dialogue run = begin("script", "-qfec", shell, "/dev/null")) {
      run.await(drawn);
      run.answer("warn");
      run.await("Something has happened");
      run.await(drawn);
      run.answer("say");
      run.await("said aloud");
      run.await(drawn);
      List<String> now = Screen.of(COLUMNS, run.said()).lines();
      assertTrue(now.get(now.size() - 1).contains("epoch 1/2  step "), now.toString());
      assertTrue(now.get(now.size() - 2).startsWith("said aloud"), now.toString());
      run.answer("go");
      List<String> end = Screen.of(COLUMNS, run.end()).lines();
      String all = String.join("\n", end);
      assertTrue(
          end.stream()
              .anyMatch(line -> line.matches("[\\d:]{8} WARN \\w+: Something has happened.*")),
          all);
      assertTrue(
          end.get(end.size() - 1)
              .matches(
                  "gated: 2 epochs, loss [\\d.]+, [\\d.,]+ rows/s, bubble [\\d.]+ %, \\d:\\d\\d"),
          all);
      assertFalse(all.contains("[Stage"), all);
    }
  }

  @Test
  void withoutOneThereArePlainLines() throws Exception {
    Path logging = Path.of(System.getProperty("penstock.root"), "conf", "log4j2.properties");
    String command =
        java(
            "-Dlog4j2.configurationFile=file:" + logging,
            "-D" + Settings.CONSOLE_INTERVAL.key() + "=1s");
    try (Dialogue run = begin(command.split(" "))) {
      run.await(
          "\n"
              + "[\\d:]{8} INFO ConsolePart: epoch 1 of 2, step [12] of 9, loss [\\d.]+, [^\r"
              + "]* left\n");
      run.answer("go");
      String all = run.end();
      assertTrue(all.contains("INFO RunEvents: epoch 2 of 2: loss "), all);
      assertFalse(all.contains("\r"), all);
    }
  }
}
