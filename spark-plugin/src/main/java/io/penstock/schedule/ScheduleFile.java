package io.penstock.schedule;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A user's own schedule, in a file in the form of {@link ScheduleText}. */
public final class ScheduleFile {
  private static final String ENDING = ".csv";

  private ScheduleFile() {}

  /** Returns whether what a schedule is chosen by is the name of a file: it ends with .csv. */
  public static boolean isName(String id) {
    return id.endsWith(ENDING);
  }

  /**
   * Reads the file that a request names and checks that it is what is wanted.
   *
   * @throws IllegalArgumentException if it cannot be read, is no schedule, or is for other numbers
   *     than those asked for
   */
  static Schedule read(ScheduleRequest request) {
    if (request.warmUp().isPresent()) {
      throw new IllegalArgumentException(
          "the warm-up of schedule %s stands in the file; leave it out".formatted(request.id()));
    }
    Schedule schedule = read(request.id());
    check(schedule, "ranks", schedule.ranks().size(), request.ranks());
    check(schedule, "micro-batches", schedule.microBatches(), request.microBatches());
    checkStages(schedule);
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      if (request.virtualStages().isPresent()) {
        List<Action> actions = schedule.ranks().get(rank);
        int stages = (int) actions.stream().mapToInt(Action::stage).distinct().count();
        check(schedule, "stages on rank " + rank, stages, request.virtualStages().getAsInt());
      }
    }
    return schedule;
  }

  /**
   * Reads a file as it is; {@link Verifier} says whether the schedule can be run.
   *
   * @throws IllegalArgumentException if it cannot be read, or is no schedule
   */
  public static Schedule read(String name) {
    Path file = Path.of(name);
    try {
      return ScheduleText.parse(file.getFileName().toString(), Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("schedule %s, %s".formatted(file, e.getMessage()), e);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "schedule %s: there is no such file in %s"
              .formatted(file, file.toAbsolutePath().getParent()),
          e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "schedule %s is no UTF-8 text; write actions separated by commas".formatted(file), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("schedule %s cannot be read: %s".formatted(file, e), e);
    }
  }

  /** Before anything is made for every stage, which would take memory without end. */
  private static void checkStages(Schedule schedule) {
    int actions = schedule.ranks().stream().mapToInt(List::size).sum();
    if (schedule.stages() > actions) {
      throw new IllegalArgumentException(
          "schedule %s has an action of stage %d, but %d actions in all; number the stages from 0, without gaps"
              .formatted(schedule.name(), schedule.stages() - 1, actions));
    }
  }

  private static void check(Schedule schedule, String what, int written, int wanted) {
    if (written != wanted) {
      throw new IllegalArgumentException(
          "schedule %s has %d %s, but %d are asked for; ask for %2$d or use another schedule"
              .formatted(schedule.name(), written, what, wanted));
    }
  }
}
