package io.penstock.event;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.Internal;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * JSON of events without the names of their classes, which Spark's event log needs and nobody else:
 * no class is loaded by a name in a file. Stateless.
 */
@Internal
public final class PlainJson {
  private PlainJson() {}

  /** Mixed in to every event. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
  private interface Plain {}

  /** Returns a new mapper, which its caller may set further. */
  public static ObjectMapper mapper() {
    return new ObjectMapper().addMixIn(SparkListenerEvent.class, Plain.class);
  }
}
