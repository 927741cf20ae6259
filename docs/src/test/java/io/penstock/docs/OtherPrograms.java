package io.penstock.docs;

import java.util.List;
import java.util.Map;

/**
 * Programs that are neither Penstock's nor Spark's nor Maven; the files that they name must exist.
 */
final class OtherPrograms implements CommandRule {
  /** With the reason why they are not run. */
  private static final Map<String, String> REASONS =
      Map.of(
          "git", "fetches from where Penstock will be",
          "cd", "goes to a folder",
          "apt-get", "installs, as root",
          "jupyter", "waits for people; the notebooks' tests run the same notebooks",
          "pngquant", "only makes pictures smaller");

  @Override
  public boolean knows(ShellCommand command) {
    return REASONS.containsKey(command.program());
  }

  @Override
  public List<String> complaints(ShellCommand command) {
    return List.of();
  }
}
