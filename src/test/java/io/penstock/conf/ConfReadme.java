package io.penstock.conf;

/** The parts of conf/README.md that are made of the code. */
final class ConfReadme {
  private ConfReadme() {}

  /** The table of all settings. */
  static String settings() {
    StringBuilder table = new StringBuilder("| setting | unless set | |\n|---|---|---|\n");
    for (Setting<?> setting : Settings.all()) {
      table.append(
          "| `%s` | %s | %s |\n".formatted(setting.key(), setting.usual(), setting.meaning()));
    }
    return table.toString();
  }
}
