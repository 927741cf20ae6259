package io.penstock.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.testing.Page;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinksTest {
  private static List<String> complaints(String link) {
    Page page = Bad.page("# A title\n\n" + link + "\n");
    Page readme = Page.of("README.md", "# Penstock\n## Two `commands`, or [three](x)\n");
    return Links.of(Repository.OWN, List.of(page, readme)).complaints(page);
  }

  @Test
  void anchorsAreThoseOfHeadings() {
    Page page =
        Bad.page(
            "# Why `a-b` (c), d_e?\n## Twice\n### Twice\n```text\n# None\n```\n<a id=\"own\">\n");
    assertEquals(Set.of("why-a-b-c-d_e", "twice", "twice-1", "own"), Links.anchors(page));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a](#a-title)",
        "[a](../README.md)",
        "[`a`](../README.md#two-commands-or-three)",
        "[a](../examples/data) and [b](https://example.org/none.md)",
        "![a](../examples/pom.xml \"title\")",
        "`[a](none.md)`",
        "[a]: ../README.md",
        "<a href=\"../README.md#penstock\">a</a> and <a href=\"https://example.org\">b</a>",
      })
  void aLinkToWhatThereIsIsTaken(String link) {
    Bad.assertNone(complaints(link));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a](#another-title)",
        "[a](README.md)",
        "[a](../README.md#two-command)",
        "[a](../README.md), [b](none.md)",
        "![a](../examples/none.png)",
        "[a]: none.md",
        "<img src=\"none.png\">",
        "<a href=\"none.md\">a</a>",
        "<a href='../README.md#two-command'>a</a>",
      })
  void aLinkToNowhereIsRefusedWithItsPlace(String link) {
    Bad.assertComplaint(3, "names no", complaints(link));
  }
}
