package io.penstock.ui.tab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.testing.Command;
import io.penstock.testing.Lines;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Chromium without a window, by W3C's WebDriver protocol, which ChromeDriver speaks over HTTP: a
 * handful of calls, so no library.
 */
final class Browser implements AutoCloseable {
  private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
  private static final List<String> ARGUMENTS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "--hide-scrollbars");

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Process driver;
  private final String session;

  /** Whether this machine has one. */
  static boolean isThere() {
    return found("chromedriver").isPresent() && chromium().isPresent();
  }

  private static Optional<Path> chromium() {
    return found("chromium").or(() -> found("google-chrome"));
  }

  private static Optional<Path> found(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it.
   *
   * @param profile an empty directory
   */
  Browser(Path profile) throws Exception {
    String program = found("chromedriver").orElseThrow().toString();
    driver = new ProcessBuilder(program, "--port=0").redirectErrorStream(true).start();
    try {
      session = begin(profile);
    } catch (Exception notBegun) {
      Command.end(driver);
      throw notBegun;
    }
  }

  private String begin(Path profile) throws Exception {
    String all = "http://localhost:" + port() + "/session";
    List<String> arguments = new ArrayList<>(ARGUMENTS);
    arguments.add("--user-data-dir=" + profile);
    Map<String, Object> wanted =
        Map.of(
            "goog:chromeOptions",
            Map.of("binary", chromium().orElseThrow().toString(), "args", arguments),
            "goog:loggingPrefs",
            Map.of("browser", "ALL"));
    JsonNode begun = call("POST", all, Map.of("capabilities", Map.of("alwaysMatch", wanted)));
    return all + "/" + begun.get("sessionId").asText();
  }

  private int port() throws Exception {
    return Integer.parseInt(new Lines(driver.getInputStream()).next(STARTED).group(1));
  }

  private JsonNode call(String method, String address, Object body) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
    String text = body == null ? "" : mapper.writeValueAsString(body);
    request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(text));
    JsonNode answer =
        mapper.readTree(client.send(request.build(), BodyHandlers.ofString()).body()).get("value");
    if (answer.hasNonNull("error")) {
      throw new IllegalStateException(answer.get("error") + ": " + answer.get("message"));
    }
    return answer;
  }

  /** Goes to an address, and returns when the page has loaded. */
  void open(String address) throws Exception {
    call("POST", session + "/url", Map.of("url", address));
  }

  /** What a script on the page returns. */
  JsonNode run(String script) throws Exception {
    return call("POST", session + "/execute/sync", Map.of("script", script, "args", List.of()));
  }

  /** Whether a condition holds of the page. */
  boolean holds(String condition) throws Exception {
    return run("return !!(" + condition + ")").asBoolean();
  }

  /** Waits until a condition holds of the page; the test's own time limit ends it. */
  void await(String condition) throws Exception {
    while (!holds(condition)) {
      Thread.sleep(50);
    }
  }

  /** Makes the page so wide, and as high as all of it. */
  void resize(int width, boolean phone) throws Exception {
    resize(width, 800, phone);
    resize(width, run("return document.documentElement.scrollHeight").asInt(), phone);
  }

  private void resize(int width, int height, boolean phone) throws Exception {
    Map<String, Object> size =
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone);
    call(
        "POST",
        session + "/goog/cdp/execute",
        Map.of("cmd", "Emulation.setDeviceMetricsOverride", "params", size));
  }

  /** What the console has said since this was asked last, but for what is no error. */
  List<String> errors() throws Exception {
    List<String> errors = new ArrayList<>();
    for (JsonNode line : call("POST", session + "/se/log", Map.of("type", "browser"))) {
      if (line.get("level").asText().equals("SEVERE")) {
        errors.add(line.get("message").asText());
      }
    }
    return errors;
  }

  /** Takes a picture of the page as it is. */
  void picture(Path file) throws Exception {
    Files.createDirectories(file.getParent());
    String png = call("GET", session + "/screenshot", null).asText();
    Files.write(file, Base64.getDecoder().decode(png));
  }

  @Override
  public void close() throws Exception {
    try {
      call("DELETE", session, null);
    } finally {
      Command.end(driver);
    }
  }
}
