package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages in a real browser, at the width of a desk and of a phone: of a run that goes on, and in
 * the history server. Leaves pictures in {@code target/pictures}, or where {@code
 * -Dpenstock.pictures} says.
 */
@Timeout(180)
class PipelineBrowserTest {
  private static final int DESK = 1280;
  private static final int PHONE = 390;
  private static final String NAME = "PipelineParallelClassifier_4f1c";
  private static final Path PICTURES =
      Path.of(System.getProperty("penstock.pictures", "pictures")).toAbsolutePath();

  @TempDir Path directory;

  @Test
  void peopleSeeARunWhileItGoesOnAndLater() throws Exception {
    assumeTrue(
        Browser.isThere(),
        "no Chromium here: apt-get install chromium chromium-driver, then this test runs");
    SparkSession spark = Watched.builder(directory.resolve("log")).getOrCreate();
    String application = spark.sparkContext().applicationId();
    try (Browser browser = new Browser(directory.resolve("profile"))) {
      String id;
      try (HeldRun run = new HeldRun(spark, directory, NAME, plan())) {
        id = id(spark);
        browser.open(Watched.address(spark, "/Pipeline/run/?id=" + id));
        look(browser, "live");
        assertTrue(browser.holds("document.querySelector('.badge').textContent == 'running'"));
        browser.run("window.same = true");
        run.finish(spark);
        browser.await("document.querySelector('.badge').textContent == 'succeeded'");
        assertTrue(browser.holds("window.same"), "the page shows itself anew without a reload");
        list(browser, Watched.address(spark, "/Pipeline/"), "live");
        harm(browser, spark);
      }
      spark.stop();
      try (History history = new History(directory.resolve("log"))) {
        String pages = history.pages(application) + "/Pipeline/";
        list(browser, pages, "history");
        browser.run(
            "[...document.querySelectorAll('td a')].find(a => a.text == '" + NAME + "').click()");
        browser.await("location.search == '?id=" + id + "' && document.readyState == 'complete'");
        look(browser, "history");
        assertTrue(browser.holds("document.querySelector('.badge').textContent == 'succeeded'"));
      }
    } finally {
      spark.stop();
    }
  }

  /** Two ranks of two stages; for pictures with layers so wide that handing over is little. */
  private static TrainingPlan plan() {
    int width = System.getProperty("penstock.pictures") == null ? 512 : 1024;
    return HeldRun.plan("interleaved", 2, width);
  }

  private static String id(SparkSession spark) throws Exception {
    String json = Watched.get(Watched.address(spark, "/Pipeline/json")).body();
    return new ObjectMapper().readTree(json).get(0).get("id").asText();
  }

  /** Looks at a run's page. */
  private static void look(Browser browser, String name) throws Exception {
    for (int width : new int[] {DESK, PHONE}) {
      browser.resize(width, width == PHONE);
      assertEquals(68, browser.run("return document.querySelectorAll('.bar').length").asInt());
      assertTrue(
          browser.holds(
              "[...document.querySelectorAll('.penstock svg')]"
                  + ".every(svg => svg.getBoundingClientRect().width > 50)"),
          "every drawing is there");
      assertTrue(
          browser.holds(
              "document.querySelector('.bar title').textContent.startsWith('0F0: starts at')"),
          "the action under the pointer");
      bubbles(browser);
      assertTrue(browser.holds("document.querySelectorAll('.penstock-plot .curve').length == 5"));
      assertTrue(
          browser.holds(
              "getComputedStyle(document.querySelector('.penstock-busy')).backgroundColor"
                  + " == 'rgb(0, 114, 178)'"),
          "the style sheet has come");
      fits(browser, width);
      browser.picture(PICTURES.resolve("pipeline-" + name + "-" + width + ".png"));
      assertEquals(List.of(), browser.errors());
    }
  }

  /** Of a rank's row some is covered by its actions, and some shows that it waits. */
  private static void bubbles(Browser browser) throws Exception {
    String script =
        """
        const width = e => e.getBoundingClientRect().width;
        const rows = [...document.querySelectorAll('.penstock-gantt svg > rect')]
            .filter(rect => rect.getAttribute('fill') == '#f2f2f2').slice(0, 2).map(width);
        const bars = [...document.querySelectorAll('.bar > rect:first-of-type')].map(width);
        return bars.reduce((a, b) => a + b) / rows.reduce((a, b) => a + b);
        """;
    double covered = browser.run(script).asDouble();
    assertTrue(covered > 0 && covered < 1, "covered " + covered);
  }

  private static void fits(Browser browser, int width) throws Exception {
    int wide = browser.run("return document.documentElement.scrollWidth").asInt();
    assertTrue(wide <= width, "a page of " + wide + " pixels on a screen of " + width);
  }

  private static void list(Browser browser, String address, String name) throws Exception {
    browser.open(address);
    for (int width : new int[] {DESK, PHONE}) {
      browser.resize(width, width == PHONE);
      assertTrue(browser.holds("document.querySelector('td a').textContent.length > 0"));
      fits(browser, width);
      browser.picture(PICTURES.resolve("pipeline-runs-" + name + "-" + width + ".png"));
    }
    assertEquals(List.of(), browser.errors());
  }

  private static void harm(Browser browser, SparkSession spark) throws Exception {
    HarmfulRun.tell(
        spark,
        "<img src=x onerror=\"document.title='harmed'\"><script>document.title='harmed'</script>");
    for (String path : List.of("/Pipeline/", "/Pipeline/run/?id=" + HarmfulRun.ID)) {
      browser.open(Watched.address(spark, path));
      assertFalse(browser.holds("document.title == 'harmed'"), path);
      assertFalse(browser.holds("document.querySelector('#penstock img, #penstock script')"), path);
      assertTrue(
          browser.holds("document.getElementById('penstock').textContent.includes('<img src=x')"),
          "it is shown as it is");
      assertEquals(List.of(), browser.errors());
    }
  }
}
