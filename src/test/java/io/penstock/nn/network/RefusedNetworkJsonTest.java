package io.penstock.nn.network;

import static io.penstock.nn.network.NetworkJsonTest.NET;
import static io.penstock.nn.network.NetworkJsonTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.SelfAttention;
import io.penstock.nn.loss.Losses;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Text that is no network, and what is said of it. */
class RefusedNetworkJsonTest {
  @Test
  void aNewerVersionIsRefused() {
    assertMessage(NET.toJson().replace("\"version\":2", "\"version\":3"), "version 3");
  }

  @Test
  void unknownTypesFieldsAndNamesAreNamed() {
    assertMessage(
        NET.toJson().replace("\"flatten\"", "\"conv9d\""), "Layer 7", "'conv9d'", "dense");
    assertMessage(
        NET.toJson().replace("\"outputs\":17", "\"bais\":1,\"outputs\":17"), "Layer 8", "bais");
    assertMessage(NET.toJson().replace("\"outputs\":17", "\"outputs\":17.5"), "Layer 8");
    assertMessage(NET.toJson().replace("\"outputs\":17,", ""), "Layer 8", "outputs");
    assertMessage(NET.toJson().replace("leakyrelu", "rulu"), "Layer 9", "rulu");
    assertMessage(
        NET.toJson().replace("\"probability\":0.1", "\"probability\":7"), "Layer 10", "7");
    assertMessage(NET.toJson().replace("squaredError", "mse"), "'mse'");
  }

  @Test
  void whatIsNoNetworkIsRefused() {
    assertMessage("{", "not JSON");
    assertMessage("", "not a network");
    assertMessage("[]", "not a network");
    assertMessage("{\"version\":1}", "penstock-network");
  }

  @Test
  void wholeNumbersAreInRangeAndNeverCut() {
    String json = Sequential.input(4).dense(3).loss(Losses.squaredError()).build().toJson();
    for (String number :
        List.of("18446744073709551620", "9".repeat(5000), "-18446744073709551612")) {
      assertMessage(json.replace("[4]", "[" + number + "]"), "/input/0", number.substring(0, 9));
      assertMessage(json.replace("\"outputs\":3", "\"outputs\":" + number), "/layers/0/outputs");
    }
    for (String number : List.of("4.5", "4.0", "\"4\"", "true", "null", "[4]")) {
      assertMessage(json.replace("[4]", "[" + number + "]"), "input", number);
      assertMessage(json.replace("\"outputs\":3", "\"outputs\":" + number), "Layer 0");
    }
    for (String version : List.of("1.5", "4294967297", "\"1\"", "true", "0", "-1")) {
      assertMessage(
          json.replaceFirst("\"version\":\\d+", "\"version\":" + version), "version " + version);
    }
    assertMessage(json.replace("\"bias\":true", "\"bias\":1"), "Layer 0", "boolean");
  }

  @Test
  void whatIsNoListOfLayersOrDimensionsIsRefused() {
    String json = Sequential.input(4).dense(3).loss(Losses.squaredError()).build().toJson();
    assertMessage(json.replace("[4]", "{\"0\":4}"), "'input'", "[784]");
    assertMessage(json.replace("\"input\"", "\"imput\""), "'input'", "missing");
    String object = json.replace("\"layers\":[", "\"layers\":{\"0\":").replace("}],", "}},");
    assertMessage(object, "'layers'", "no list");
    assertMessage(json.replace("\"bias\"", "\"outputs\":5,\"bias\""), "Duplicate", "outputs");
    assertMessage(json + "{}", "not JSON", "Trailing");
  }

  @Test
  void sizesThatCannotBeCountedNameTheLayer() {
    String json =
        Sequential.input(4, 5)
            .activation(Activation.RELU)
            .layer(new Dense(3, true, 1))
            .layer(new SelfAttention(3, false))
            .loss(Losses.squaredError())
            .flatten()
            .build()
            .toJson();
    long large = 1L << 47;
    assertMessage(json.replace("\"outputs\":3", "\"outputs\":" + large), "Layer 1", "" + large);
    // A product of sizes that each can be.
    long half = 1L << 26;
    assertMessage(json.replace("\"outputs\":3", "\"outputs\":" + half), "Layer 2");
    assertMessage(json.replace("[4,5]", "[" + half + "," + half + "]"), "[" + half);
    assertMessage(json.replace("[4,5]", "[" + (1L << 40) + ",5]"), "Layer 2", "counted");
    assertMessage(json.replace("[4,5]", "[" + "1,".repeat(31) + "4]"), "32 dimensions");
  }

  @Test
  void layersAreNotNestedWithoutEnd() {
    String json = Sequential.input(4).flatten().loss(Losses.squaredError()).build().toJson();
    for (int depth : new int[] {100, 100_000}) {
      String open = "{\"type\":\"chain\",\"layers\":[".repeat(depth);
      String nested = open + "{\"type\":\"flatten\"}" + "]}".repeat(depth);
      assertMessage(json.replace("{\"type\":\"flatten\"}", nested), "deeper than 100");
    }
    String some = "{\"type\":\"chain\",\"layers\":[".repeat(40);
    String nested = some + "{\"type\":\"flatten\"}" + "]}".repeat(40);
    Sequential net = Sequential.fromJson(json.replace("{\"type\":\"flatten\"}", nested));
    assertEquals(net, Sequential.fromJson(net.toJson()));
    assertMessage("[".repeat(100_000), "deeper than 100");
    assertMessage(" ".repeat(5 << 20) + json, "characters");
  }
}
