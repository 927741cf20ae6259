package io.penstock.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Fence;
import io.penstock.testing.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The settings that pages name, in blocks and in backticks, are Spark's or Penstock's. */
class PageSettingsTest {
  private static final KnownSettings KNOWN = new KnownSettings();
  private static final Path ROOT = Path.of(System.getProperty("penstock.root", ".."));

  /**
   * A key; behind it a value, or a star in the place of its end. No call, as {@code spark.sql(}.
   */
  private static final Pattern SETTING =
      Pattern.compile("(?<![\\w./-])(spark(?:\\.[a-z]\\w*)+)(?![\\w(])(?:=([^\\s'\"`|]+))?");

  private static final Pattern PROPERTY = Pattern.compile("#?(spark\\S+?)\\s*[\\s=:]\\s*(\\S.*)");

  private static List<String> complaints(Page page) {
    List<String> complaints = new ArrayList<>();
    for (Page.Span span : page.spans()) {
      look(page, span.line(), span.text(), complaints);
    }
    for (Fence fence : page.fences()) {
      List<String> lines = fence.text().lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        int line = fence.line() + 1 + i;
        Matcher property = PROPERTY.matcher(lines.get(i));
        if (fence.language().equals("properties") && property.matches()) {
          look(page, line, property.group(1) + "=" + property.group(2), complaints);
        } else if (!fence.language().equals("python")) { // where spark.sparkContext is no setting
          look(page, line, lines.get(i).replaceAll("\\bspark\\.\\w+\\(", ""), complaints);
        }
      }
    }
    return complaints;
  }

  private static void look(Page page, int line, String text, List<String> complaints) {
    Matcher setting = SETTING.matcher(text);
    while (setting.find()) {
      String key = setting.group(1);
      String value = setting.group(2);
      if (!KNOWN.knows(key) && (value != null || !KNOWN.knowsSome(key + "."))) {
        complaints.add(page.complaint(line, key + " is known neither to Spark nor to Penstock"));
      } else if (value != null && !value.matches("[A-Z]+|…")) {
        KNOWN.complaint(key, value).ifPresent(what -> complaints.add(page.complaint(line, what)));
      }
    }
  }

  @Test
  void everySettingThatAPageNamesIsKnownAndTakesItsValue() {
    List<Page> pages = Page.all(ROOT);
    assertTrue(pages.stream().anyMatch(page -> page.name().equals("README.md")), ROOT.toString());
    assertEquals(List.of(), pages.stream().flatMap(page -> complaints(page).stream()).toList());
  }

  @Test
  void whatIsKnownIsTaken() {
    String page =
        """
`spark.plugins=x`, `spark.network.crypto.*`, `spark.executorEnv.OMP_NUM_THREADS`, `spark.sql("x")`

```bash
spark-submit --conf 'spark.task.cpus=2' --conf spark.cores.max=N
```
```properties
spark.penstock.ui.console   log
```
```java
spark.sparkContext().setCheckpointDir("x");
```
""";
    assertEquals(List.of(), complaints(Page.of("p.md", page)));
  }

  @Test
  void whatIsUnknownIsRefusedWithItsPlace() {
    String page =
        """
        `spark.executor.memoryOverhed`, `spark.netwerk.*`, `spark.task.cpus=two`

        ```bash
        spark-submit --conf spark.penstock.feed.memroy=1g
        ```
        ```properties
        spark.executor.core   2
        ```
        """;
    List<String> complaints = complaints(Page.of("p.md", page));
    List<String> places = complaints.stream().map(it -> it.replaceAll(": .*", "")).toList();
    assertEquals(
        List.of("p.md:1", "p.md:1", "p.md:1", "p.md:4", "p.md:7"), places, complaints.toString());
  }
}
