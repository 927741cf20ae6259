package io.penstock.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.module.scala.DefaultScalaModule;
import io.penstock.fuzz.Damage;
import io.penstock.fuzz.Inputs;
import io.penstock.fuzz.Reading;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.JsonProtocol;

/**
 * Events as an event log holds them, read by the mapper of Spark's history server. Which class an
 * event is of, Spark itself takes from the log before any of ours is asked: that field is left out.
 */
class EventJsonFuzzTest {
  /** An event without the name of its class. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
  private interface Plain {}

  private static final ObjectMapper SPARKS =
      new ObjectMapper()
          .registerModule(new DefaultScalaModule())
          .addMixIn(SparkListenerEvent.class, Plain.class)
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private static final List<RunEvent> EVENTS = RunEventTest.events().toList();
  private static final List<byte[]> GOOD =
      Inputs.bytes(EVENTS.stream().map(JsonProtocol::sparkEventToJsonString).toList());

  @Provide
  Arbitrary<Damage> damages() {
    return Inputs.damages();
  }

  @Property(seed = "1")
  void everyTextIsAnEventOrRefused(@ForAll("damages") Damage damage) throws Exception {
    byte[] bytes = damage.to(GOOD);
    Class<? extends RunEvent> type = EVENTS.get(damage.of(EVENTS.size())).getClass();
    Reading.of(
        bytes.length,
        Set.of(
            JsonParseException.class,
            JsonEOFException.class,
            JsonMappingException.class,
            InputCoercionException.class,
            StreamConstraintsException.class,
            InvalidDefinitionException.class,
            InvalidFormatException.class,
            InvalidNullException.class,
            InvalidTypeIdException.class,
            MismatchedInputException.class,
            ValueInstantiationException.class),
        () -> {
          RunEvent event = read(bytes, type);
          if (event != null) {
            byte[] again = SPARKS.writeValueAsBytes(event);
            assertEquals(event, read(again, type));
          }
        });
  }

  private static RunEvent read(byte[] bytes, Class<? extends RunEvent> type)
      throws JsonProcessingException {
    return SPARKS.readValue(new String(bytes, StandardCharsets.UTF_8), type);
  }
}
