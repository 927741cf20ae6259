package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
  private static final Page PAGE =
      Page.of(
          "docs/page.md",
          """
          # A `title`

          ```java
          int i;
            int j;
          ```
          A list:

          - one
            ~~~bash
            ls
            ~~~
          Text that goes `on and
            on`, and `again`.
          `first` of a line
          | `a\\|b` | ` c |
          | d` |
          """);

  @Test
  void everyFenceIsFoundWithItsLanguageAndPlace() {
    List<Fence> fences = PAGE.fences();
    assertEquals(2, fences.size());
    assertEquals(new Fence(PAGE, 3, "java", "int i;\n  int j;\n", 6), fences.get(0));
    assertEquals(new Fence(PAGE, 10, "bash", "ls\n", 12), fences.get(1));
    assertEquals("docs/page.md:5: wrong", fences.get(0).complaint(2, "wrong"));
  }

  @Test
  void aFenceWithoutALanguageHasAnEmptyOne() {
    assertEquals("", Page.of("p.md", "```\nx\n```\n").fences().get(0).language());
  }

  @Test
  void aLongerFenceHoldsAShorterOne() {
    Page page = Page.of("p.md", "````text\n```\nx\n```\n````\n");
    assertEquals("```\nx\n```\n", page.fences().get(0).text());
  }

  @Test
  void aFenceThatDoesNotCloseIsRefusedWithItsPlace() {
    Page page = Page.of("p.md", "text\n```java\nint i;\n");
    String message = assertThrows(IllegalArgumentException.class, page::fences).getMessage();
    assertTrue(message.startsWith("p.md:2: "), message);
  }

  @Test
  void backticksAreReadOutsideOfFencesWithTheLineOnWhichTheyBegin() {
    List<Page.Span> spans = PAGE.spans();
    assertEquals(
        List.of("title", "on and on", "again", "first", "a|b"),
        spans.stream().map(Page.Span::text).toList());
    assertEquals(List.of(1, 13, 14, 15, 16), spans.stream().map(Page.Span::line).toList());
  }

  @Test
  void proseKeepsItsLineNumbers() {
    List<String> prose = PAGE.prose();
    assertEquals(PAGE.lines().size(), prose.size());
    assertEquals("", prose.get(3));
    assertEquals("A list:", prose.get(6));
  }

  @Test
  void allPagesAreThoseOfTheTreeButOfHiddenFoldersAndBuilds(@TempDir Path root) throws Exception {
    for (String name : List.of("b.md", "a/c.md", ".git/d.md", "a/target/e.md", "a/f.txt")) {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "text\n");
    }
    assertEquals(List.of("a/c.md", "b.md"), Page.all(root).stream().map(Page::name).toList());
  }
}
