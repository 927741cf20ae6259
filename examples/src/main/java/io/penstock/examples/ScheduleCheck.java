package io.penstock.examples;

import io.penstock.schedule.ScheduleFile;
import io.penstock.schedule.generate.Schedules;

/**
 * Check of the schedules that a command line names, with commas between them: ids, in either case,
 * or names of files, which {@link Options#schedules} reads.
 *
 * @param measured whether {@code auto} has executors to measure
 */
record ScheduleCheck(boolean measured) implements Option.Check {
  private static final String AUTO = "auto";

  @Override
  public void check(String name, String value) {
    for (String word : Options.split(value)) {
      if (word.equalsIgnoreCase(AUTO)) {
        if (!measured) {
          throw wrong(
              name,
              value,
              "auto chooses by what executors measure, and there are none here. Name one of "
                  + String.join(", ", Schedules.ids())
                  + "; what auto chooses and why, a training prints: examples/run fashion-mnist"
                  + " --schedule auto");
        }
      } else if (!ScheduleFile.isName(word)
          && Schedules.ids().stream().noneMatch(word::equalsIgnoreCase)) {
        throw wrong(
            name,
            value,
            "choose among "
                + String.join(", ", Schedules.ids())
                + (measured ? ", " + AUTO : "")
                + ", or name a file of your own, such as mine.csv");
      }
    }
  }

  private static IllegalArgumentException wrong(String name, String value, String why) {
    return new IllegalArgumentException("--" + name + " is '" + value + "': " + why);
  }
}
