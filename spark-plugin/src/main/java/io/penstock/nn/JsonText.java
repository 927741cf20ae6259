package io.penstock.nn;

import io.penstock.Internal;
import java.io.IOException;
import java.util.Locale;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.ObjectReader;

/**
 * Parser of JSON that may come from anybody, to a tree. Stateless. ND4J's Jackson is older than
 * Jackson's own limits (2.15), so they are here: how long the text is, how deep it goes, how long a
 * number is. Nothing is repeated in an object, and nothing follows the end.
 */
@Internal
public final class JsonText {
  /**
   * Characters of a text at most: tens of thousands of layers. What travels within a run is not
   * counted.
   */
  private static final int MOST_CHARACTERS = 4 << 20;

  /**
   * Depth of objects and arrays within each other at most; each is a few frames of the stack where
   * it is read.
   */
  private static final int MOST_DEPTH = 100;

  /** Digits of a number at most; no double has more that tell anything. */
  private static final int MOST_DIGITS = 100;

  private static final int SHOWN = 1000;

  private static final ObjectReader READER =
      new ObjectMapper()
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private JsonText() {}

  /**
   * Reads a text.
   *
   * @param what it should be, for the message: "A network"
   * @param bounded whether its length has a limit
   * @throws IllegalArgumentException if it is no JSON, or goes beyond a limit
   */
  public static JsonNode tree(String what, String text, boolean bounded) {
    if (bounded && text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          what
              + " is a text of "
              + text.length()
              + " characters; more than "
              + MOST_CHARACTERS
              + " are not read. Is it another file?");
    }
    try {
      checkTokens(what, text);
      return READER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(what + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(what + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Shortens a text to what a message bears. */
  public static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  /** Checks the tokens before a tree is made of them. */
  private static void checkTokens(String what, String text) throws IOException {
    try (JsonParser parser = READER.createParser(text)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > MOST_DEPTH) {
          throw new IllegalArgumentException(
              what
                  + " goes deeper than "
                  + MOST_DEPTH
                  + " objects and lists within each other (at character "
                  + parser.getCurrentLocation().getCharOffset()
                  + "); put layers one after another, not within one another.");
        }
        if (token.isNumeric()) {
          checkNumber(what, parser);
        }
      }
    }
  }

  private static void checkNumber(String what, JsonParser parser) throws IOException {
    String digits = parser.getText();
    boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
    if (digits.length() > MOST_DIGITS
        || (whole && Math.abs(parser.getDoubleValue()) > Sizes.MOST)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s has at %s the number %s; whole numbers go up to %d, and none has more than %d"
                  + " digits.",
              what,
              parser.getParsingContext().pathAsPointer(),
              digits.substring(0, Math.min(digits.length(), MOST_DIGITS)),
              Sizes.MOST,
              MOST_DIGITS));
    }
  }
}
