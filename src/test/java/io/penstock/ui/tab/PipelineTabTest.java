package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.launch.job.TrainingResult;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pages as a browser gets them, of a live application and of the history server. */
@Timeout(180)
class PipelineTabTest {
  /** A name that would do harm if it were not escaped. */
  private static final String NAME = "classifier_<script>document.title='harmed'</script>\"'";

  private static final String HARM = "<img src=x onerror=\"document.title='harmed'\">";
  private static final int ACTIONS = 4 * 2 * 8 + 4; // and an update a rank

  @TempDir static Path directory;
  private static String application;
  private static TrainingResult result;
  private static String liveList;
  private static String liveRun;
  private static JsonNode liveRuns;
  private static String endedRun;
  private static JsonNode endedJson;
  private static String harmful;
  private static HttpResponse<String> unknown;
  private static HttpResponse<String> style;
  private static HttpResponse<String> script;

  /** Takes all pages of one application, while its run stands still and when it is over. */
  @BeforeAll
  static void look() throws Exception {
    SparkSession spark = Watched.builder(directory.resolve("log")).getOrCreate();
    try (HeldRun run = new HeldRun(spark, directory, NAME)) {
      application = spark.sparkContext().applicationId();
      liveList = text(spark, "/Pipeline/");
      liveRuns = json(spark, "/Pipeline/json");
      String id = liveRuns.get(0).get("id").asText();
      liveRun = text(spark, "/Pipeline/run/?id=" + id);
      result = run.finish(spark);
      endedRun = text(spark, "/Pipeline/run/?id=" + id);
      endedJson = json(spark, "/Pipeline/run/json?id=" + id);
      HarmfulRun.tell(spark, HARM);
      harmful = text(spark, "/Pipeline/") + text(spark, "/Pipeline/run/?id=harm");
      unknown = Watched.get(Watched.address(spark, "/Pipeline/run/?id=%3Cscript%3E"));
      style = Watched.get(Watched.address(spark, "/Pipeline/pipeline.css"));
      script = Watched.get(Watched.address(spark, "/Pipeline/pipeline.js"));
    } finally {
      spark.stop();
    }
  }

  @AfterAll
  static void forget() {
    endedJson = null;
    result = null;
  }

  private static String text(SparkSession spark, String path) throws Exception {
    return body(Watched.get(Watched.address(spark, path)));
  }

  private static String body(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }

  private static JsonNode json(SparkSession spark, String path) throws Exception {
    return new ObjectMapper().readTree(text(spark, path));
  }

  private static long count(String page, String regex) {
    return Pattern.compile(regex).matcher(page).results().count();
  }

  @Test
  void theListShowsARunThatGoesOn() {
    assertTrue(liveList.contains(">running<"), liveList);
    assertTrue(liveList.contains("1f1b, 4 stages on 4 executors"), liveList);
    assertTrue(liveList.contains("data-live=\"true\""), liveList);
    assertTrue(liveList.contains("href=\"/Pipeline/\">Pipeline</a>"), "among Spark's tabs");
  }

  @Test
  void aRunsPageShowsTheStepTheCurvesAndTheCut() {
    for (String page : List.of(liveRun, endedRun)) {
      assertEquals(ACTIONS, count(page, "<g class=\"bar\">"), "actions of the Gantt chart");
      assertTrue(page.contains("<title>0F0: starts at 0 ms"), "the action under the pointer");
      assertTrue(page.contains(">waiting</text>"), "bubbles in the legend");
      assertEquals(5, count(page, "class=\"curve "), "two of loss, accuracy, rate, bubble");
      assertEquals(4, count(page, "class=\"penstock-bar\""), "a bar a rank");
      assertEquals(13, count(page, "class=\"penstock-chip\""), "layers");
      assertTrue(page.contains("executor driver on "), "places");
      assertTrue(page.contains("every rank computes with "), "processor and kernels");
      assertTrue(page.contains("2,048 rows, 512 for validation"), "rows");
    }
  }

  @Test
  void aRunThatIsOverSaysHowAndIsShownOnce() {
    assertTrue(liveRun.contains("data-live=\"true\"") && liveRun.contains("/Pipeline/pipeline.js"));
    assertTrue(
        endedRun.contains("data-live=\"false\"") && !endedRun.contains("/Pipeline/pipeline.js"));
    assertTrue(endedRun.contains(">succeeded<"), endedRun);
    assertTrue(endedRun.contains("checkpoint written"), endedRun);
    assertTrue(endedRun.contains("weights of epoch "), endedRun);
  }

  @Test
  void theJsonTellsWhatTheRunReturned() {
    assertEquals("RUNNING", liveRuns.get(0).get("status").asText());
    assertEquals(HeldRun.HELD_AFTER, liveRuns.get(0).get("epochsDone").asInt());
    assertEquals(NAME, liveRuns.get(0).get("name").asText());
    assertEquals("SUCCEEDED", endedJson.get("run").get("status").asText());
    assertEquals(HeldRun.EPOCHS, endedJson.get("epochs").size());
    for (int epoch = 0; epoch < HeldRun.EPOCHS; epoch++) {
      JsonNode told = endedJson.get("epochs").get(epoch);
      assertEquals(result.epochs().get(epoch).loss(), told.get("loss").asDouble());
      assertEquals(4, told.get("ranks").size());
    }
    assertEquals(result.bubble(), endedJson.get("end").get("bubble").asDouble());
    assertFalse(endedJson.toString().contains("io.penstock"), "no names of classes");
  }

  @Test
  void textsFromAnywhereDoNoHarm() {
    for (String page : List.of(liveList, liveRun, endedRun)) {
      assertFalse(page.contains("<script>document"), page);
      assertTrue(page.contains("classifier_&lt;script&gt;"), page);
    }
    assertFalse(harmful.contains("<img src=x"), harmful);
    assertTrue(count(harmful, "&lt;img src=x onerror=&quot;") > 8, harmful);
  }

  @Test
  void anUnknownRunIsABadRequest() {
    assertEquals(400, unknown.statusCode());
    assertTrue(unknown.body().contains("There is no run"), unknown.body());
    assertFalse(unknown.body().contains("<script>"), unknown.body());
  }

  @Test
  void theStyleSheetAndTheScriptComeFromHere() {
    assertTrue(style.headers().firstValue("Content-Type").orElse("").startsWith("text/css"));
    assertTrue(body(style).contains(".penstock-tile"));
    assertTrue(
        script.headers().firstValue("Content-Type").orElse("").startsWith("text/javascript"));
    assertEquals(0, count(liveRun + endedRun, "(src|href)=\"(https?:)?//"), "nothing from outside");
  }

  @Test
  void theHistoryServerShowsTheSame() throws Exception {
    try (History history = new History(directory.resolve("log"))) {
      String pages = history.pages(application);
      String id = endedJson.get("run").get("id").asText();
      JsonNode runs = new ObjectMapper().readTree(body(Watched.get(pages + "/Pipeline/json")));
      assertEquals(2, runs.size());
      assertEquals(
          endedJson,
          new ObjectMapper().readTree(body(Watched.get(pages + "/Pipeline/run/json?id=" + id))));
      String page = body(Watched.get(pages + "/Pipeline/run/?id=" + id));
      assertEquals(content(endedRun), content(page));
      String base = "/history/" + application;
      assertTrue(page.contains("href=\"" + base + "/Pipeline/pipeline.css\""), page);
      body(Watched.get(history.address(base + "/Pipeline/pipeline.css")));
      String list = body(Watched.get(pages + "/Pipeline/"));
      assertTrue(list.contains("href=\"" + base + "/Pipeline/run/?id=" + id + "\""), list);
      assertTrue(list.contains("data-live=\"false\""), list);
    }
  }

  private static String content(String page) {
    return page.substring(page.indexOf("id=\"penstock\""), page.indexOf("</body>"))
        .replaceAll("\\s+", " ");
  }
}
