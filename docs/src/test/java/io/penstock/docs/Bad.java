package io.penstock.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Fence;
import io.penstock.testing.Page;
import java.util.List;

/** Pages for the tests of rules: {@code docs/bad.md}. */
final class Bad {
  private Bad() {}

  /** A block that opens on the first line, so that its lines are those from the second on. */
  static Fence block(String language, String text) {
    Page page = Page.of("docs/bad.md", "```" + language + "\n" + text.stripTrailing() + "\n```\n");
    return page.fences().get(0);
  }

  static Page page(String text) {
    return Page.of("docs/bad.md", text);
  }

  /** One complaint, of that line, which holds those words. */
  static void assertComplaint(int line, String words, List<String> complaints) {
    assertEquals(1, complaints.size(), complaints.toString());
    assertTrue(complaints.get(0).startsWith("docs/bad.md:" + line + ": "), complaints.get(0));
    assertTrue(complaints.get(0).contains(words), complaints.get(0));
  }

  static void assertNone(List<String> complaints) {
    assertEquals(List.of(), complaints);
  }
}
