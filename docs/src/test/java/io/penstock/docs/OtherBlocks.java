package io.penstock.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.schedule.ScheduleText;
import io.penstock.schedule.Verifier;
import io.penstock.testing.Fence;
import io.penstock.testing.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What holds for blocks that are neither shell nor Java nor XML, and for all that stands on a page
 * as if it were a block.
 */
record OtherBlocks(Names names) {
  /**
   * Languages that other tests read: shell, Java and XML here, settings in the plugin's tests; text
   * is for people, or what a command prints.
   */
  private static final Set<String> ELSEWHERE =
      Set.of("bash", "sh", "java", "xml", "properties", "text");

  List<String> complaints(Fence fence) {
    return switch (fence.language()) {
      case "" ->
          List.of(
              fence.complaint(
                  0,
                  "this fence has no language: write ```bash, ```java, ```xml or ```properties,"
                      + " which tests read, or ```text"));
      case "json" -> json(fence);
      case "csv" -> schedule(fence);
      case "python" -> python(fence);
      default ->
          ELSEWHERE.contains(fence.language())
              ? List.of()
              : List.of(
                  fence.complaint(
                      0,
                      "no test reads '"
                          + fence.language()
                          + "': write ```text if it is for people alone, or a rule in"
                          + " OtherBlocks"));
    };
  }

  private static List<String> json(Fence fence) {
    try {
      new ObjectMapper().readTree(fence.text());
      return List.of();
    } catch (JsonProcessingException wrong) {
      return List.of(fence.complaint(wrong.getLocation().getLineNr(), wrong.getOriginalMessage()));
    }
  }

  private static List<String> schedule(Fence fence) {
    try {
      Verifier.verify(ScheduleText.parse("a page's", fence.text()));
      return List.of();
    } catch (IllegalArgumentException wrong) {
      return List.of(fence.complaint(0, wrong.getMessage()));
    }
  }

  /** PySpark cannot be had here: the Java names in it exist. */
  private List<String> python(Fence fence) {
    List<String> complaints = new ArrayList<>();
    List<String> lines = fence.text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Page.Span line = new Page.Span(fence.page(), fence.line() + i + 1, lines.get(i));
      complaints.addAll(names.complaints(line));
      complaints.addAll(Setters.complaints(line));
    }
    return complaints;
  }

  /** Where code is only indented, nobody can tell what it is of. */
  static List<String> indented(Page page) {
    List<String> complaints = new ArrayList<>();
    List<String> prose = page.prose();
    for (int i = 0; i < prose.size(); i++) {
      boolean begins = i == 0 || prose.get(i - 1).isBlank();
      if (begins
          && prose.get(i).startsWith("    ")
          && !prose.get(i).isBlank()
          && !inList(prose, i)) {
        complaints.add(
            page.complaint(i + 1, "code that is only indented is read by no test: fence it"));
      }
    }
    return complaints;
  }

  private static boolean inList(List<String> prose, int line) {
    for (int i = line - 1; i >= 0; i--) {
      if (!prose.get(i).isBlank() && !prose.get(i).startsWith(" ")) {
        return prose.get(i).matches("([-*+]|\\d+[.)]) .*");
      }
    }
    return false;
  }
}
