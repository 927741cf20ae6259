package io.penstock.launch.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.event.EpochCompleted;
import io.penstock.event.PlainJson;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * History of a run's epochs, as a checkpoint keeps it: the newest, as JSON without the names of
 * classes. Stateless.
 */
final class EpochHistory {
  private static final Logger LOG = LoggerFactory.getLogger(EpochHistory.class);

  /** Most epochs that are kept: they take a kilobyte each where ranks are many. */
  private static final int MOST = 1000;

  private static final ObjectMapper MAPPER = PlainJson.mapper();

  private EpochHistory() {}

  /** Returns the newest epochs as JSON, oldest first. */
  static JsonNode json(List<EpochCompleted> epochs) {
    return MAPPER.valueToTree(epochs.subList(Math.max(0, epochs.size() - MOST), epochs.size()));
  }

  /**
   * Reads what {@link #json} made, of another run's driver. Nothing is computed from it: what
   * cannot be read is left out, with a line in the log.
   */
  static List<EpochCompleted> read(JsonNode json) {
    List<EpochCompleted> epochs = new ArrayList<>();
    try {
      for (JsonNode one : json) {
        epochs.add(MAPPER.treeToValue(one, EpochCompleted.class));
      }
    } catch (JsonProcessingException | RuntimeException unreadable) {
      LOG.warn("Earlier epochs cannot be read from the checkpoint: {}", unreadable.getMessage());
      epochs.clear();
    }
    return epochs;
  }
}
