package io.penstock.schedule;

import io.penstock.Amount;
import io.penstock.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reader of a user's own schedule, in a file in the form of {@link ScheduleText}: on the driver's
 * own disk, by its path or as a {@code file:} URI. Stateless; any thread may call.
 */
public final class ScheduleFile {
  private static final String ENDING = ".csv";

  /** Scheme of a URI: of two letters at least, for one is a disk of Windows. */
  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):.*");

  private static final String LOCAL = "file";

  /** An action takes some 300 bytes once it is read. */
  private static final int MOST_BYTES = 16 << 20;

  private ScheduleFile() {}

  /**
   * Returns whether what a schedule is chosen by is the name of a file: it ends with .csv, in
   * either case.
   */
  public static boolean isName(String id) {
    int end = id.length() - ENDING.length();
    return end >= 0 && id.regionMatches(true, end, ENDING, 0, ENDING.length());
  }

  /**
   * Reads the file that a request names and checks that it is what is wanted.
   *
   * @throws IllegalArgumentException if it cannot be read, is no schedule, or is for other numbers
   *     than those asked for
   */
  public static Schedule read(ScheduleRequest request) {
    if (request.warmUp().isPresent()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the warm-up of schedule %s stands in the file; leave it out",
              request.id()));
    }
    Schedule schedule = read(request.id());
    check(schedule, "rank", "", schedule.ranks().size(), request.ranks());
    check(schedule, "micro-batch", "", schedule.microBatches(), request.microBatches());
    checkStages(schedule);
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      if (request.virtualStages().isPresent()) {
        List<Action> actions = schedule.ranks().get(rank);
        int stages = (int) actions.stream().mapToInt(Action::stage).distinct().count();
        check(schedule, "stage", " on rank " + rank, stages, request.virtualStages().getAsInt());
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
    Path file = path(name);
    try {
      return ScheduleText.parse(file.getFileName().toString(), text(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "schedule %s, %s", file, e.getMessage()), e);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s: there is no such file in %s",
              file,
              file.toAbsolutePath().getParent()),
          e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "schedule %s is no UTF-8 text; write actions separated by commas", file),
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "schedule %s cannot be read: %s", file, e), e);
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IllegalArgumentException(
            "it has more than "
                + new Bytes(MOST_BYTES)
                + ", millions of actions; is it another file?");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private static Path path(String name) {
    Matcher scheme = SCHEME.matcher(name);
    if (!scheme.matches()) {
      return Path.of(name);
    }
    String rest = name.substring(scheme.end(1) + 1);
    boolean here = scheme.group(1).equalsIgnoreCase(LOCAL);
    if (rest.startsWith("//")) {
      int end = rest.indexOf('/', 2);
      String host = rest.substring(2, end < 0 ? rest.length() : end);
      here &= host.isEmpty() || host.equalsIgnoreCase("localhost");
      rest = rest.substring(2 + host.length());
    }
    if (!here) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s does not lie on the driver's disk, from where a schedule is read; copy"
                  + " it there and give its path, such as /home/me/mine.csv",
              name));
    }
    return Path.of(decoded(rest));
  }

  /** A URI has %20 for a blank; what only looks like one may have the blank itself. */
  private static String decoded(String path) {
    try {
      String decoded = new URI(LOCAL + ":" + path).getPath();
      return decoded == null ? path : decoded; // a relative path has none
    } catch (URISyntaxException noUri) {
      return path;
    }
  }

  /**
   * Checks the number of stages before anything is made for every stage, which would take memory
   * without end.
   */
  private static void checkStages(Schedule schedule) {
    int actions = schedule.ranks().stream().mapToInt(List::size).sum();
    if (schedule.stages() > actions) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s has an action of stage %d, but %d actions in all; number the stages from"
                  + " 0, without gaps",
              schedule.name(),
              schedule.stages() - 1,
              actions));
    }
  }

  private static void check(Schedule schedule, String what, String where, int written, int wanted) {
    if (written != wanted) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s has %s%s, but %d %s asked for; ask for %d or use another schedule",
              schedule.name(),
              new Amount(written, what),
              where,
              wanted,
              wanted == 1 ? "is" : "are",
              written));
    }
  }
}
