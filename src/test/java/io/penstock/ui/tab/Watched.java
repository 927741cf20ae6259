package io.penstock.ui.tab;

import io.penstock.launch.plugin.PenstockPlugin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** A session with the plugin, a UI on a free port and an event log. */
public final class Watched {
  private Watched() {}

  /**
   * A builder of it.
   *
   * @param log where the event log goes
   */
  public static SparkSession.Builder builder(Path log) throws IOException {
    Files.createDirectories(log);
    return SparkSession.builder()
        .master("local[4]")
        .appName("Penstock's pages")
        .config("spark.plugins", PenstockPlugin.class.getName())
        .config("spark.ui.enabled", "true")
        .config("spark.ui.port", "0")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.eventLog.enabled", "true")
        .config("spark.eventLog.dir", log.toUri().toString())
        .config("spark.sql.shuffle.partitions", "2");
  }

  public static String address(SparkSession spark, String path) {
    return spark.sparkContext().uiWebUrl().get() + path;
  }

  public static HttpResponse<String> get(String address) throws Exception {
    HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    return client.send(
        HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
