package io.penstock.nn;

import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.ArrayBytes;
import io.penstock.nn.layer.Dense;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ParametersTest {
  private static final List<ParameterSpec> SPECS = Dense.of(3).parameters(Shape.of(2));

  @Test
  void arraysAreViewsOfOneFlatBuffer() {
    Parameters p = Parameters.zeros(SPECS);
    assertEquals(9, p.size());
    assertArrayEquals(new long[] {9}, p.flat().shape());
    p.get("weights").putScalar(1, 2, 5);
    p.get("bias").putScalar(0, 7);
    Data.assertClose(new double[] {0, 0, 0, 0, 0, 5, 7, 0, 0}, p.flat(), 0);
    p.flat().assign(2);
    assertEquals(2, p.get("bias").getDouble(2));
    p.clear();
    Data.assertClose(new double[9], p.flat(), 0);
  }

  @Test
  void valuesOfManyPiecesAreThoseOfAll() {
    Parameters p =
        Parameters.initial(Dense.of(ArrayBytes.CHUNK / 100).parameters(Shape.of(250)), 1, 2);
    assertTrue(p.size() > 2 * ArrayBytes.CHUNK && p.size() % ArrayBytes.CHUNK != 0);
    assertArrayEquals(p.flat().toFloatVector(), p.values());
    float[] bias = p.get("bias").toFloatVector();
    float[] values = p.values();
    assertArrayEquals(bias, Arrays.copyOfRange(values, values.length - bias.length, values.length));
  }

  @Test
  void initialWeightsAreKeyedBySeedAndLayer() {
    Parameters p = Parameters.initial(SPECS, 1, 2);
    assertSameBits(p.flat(), Parameters.initial(SPECS, 1, 2).flat(), "same key");
    assertNotEquals(p.flat(), Parameters.initial(SPECS, 2, 2).flat());
    assertNotEquals(p.flat(), Parameters.initial(SPECS, 1, 3).flat());
  }

  @Test
  void theSecondParameterDoesNotRepeatTheFirst() {
    ParameterSpec a = new ParameterSpec("a", List.of(4L), Initializer.uniform(-1, 1));
    ParameterSpec b = new ParameterSpec("b", List.of(4L), Initializer.uniform(-1, 1));
    Parameters p = Parameters.initial(List.of(a, b), 1, 0);
    assertNotEquals(p.get("a"), p.get("b"));
  }

  @Test
  void initialWeightsAreTheSameInBothPrecisionsUpToRounding() {
    Parameters f = Parameters.initial(SPECS, 1, 2);
    Parameters d = Parameters.initial(SPECS, 1, 2, DataType.DOUBLE);
    assertSameBits(d.flat().castTo(DataType.FLOAT), f.flat(), "rounded");
  }

  @Test
  void initialWeightsFillTheirRangeAcrossChunks() {
    List<ParameterSpec> specs = new Dense(1100, true, 2).parameters(Shape.of(1000));
    Parameters p = Parameters.initial(specs, 1, 0);
    double limit = 2 * Math.sqrt(3.0 / 1000);
    double[] w = Data.values(p.get("weights").reshape('f', 1_100_000, 1));
    double variance = Arrays.stream(w).map(x -> x * x).average().orElseThrow();
    assertTrue(Arrays.stream(w).allMatch(x -> Math.abs(x) <= limit));
    assertEquals(4.0 / 1000, variance, 0.00002);
    assertTrue(w[1_099_999] != 0, "the end of the second chunk");
    assertEquals(0, p.get("bias").sumNumber().doubleValue());
  }

  @Test
  void aLayerWithoutWeightsHasNoNumbers() {
    Parameters p = Parameters.zeros(List.of());
    assertEquals(0, p.size());
    p.clear();
  }

  @Test
  void whatIsDerivedIsMadeAnewAfterAChangeOnly() {
    Parameters p = Parameters.zeros(SPECS);
    int[] made = new int[1];
    int[] freed = new int[1];
    Parameters.Derived counting =
        new Parameters.Derived() {
          @Override
          public void refresh() {
            made[0]++;
          }

          @Override
          public void free() {
            freed[0]++;
          }
        };
    for (int use = 0; use < 3; use++) {
      assertSame(counting, p.derived("a key", (own, key) -> counting));
    }
    assertEquals(1, made[0]);
    p.changed();
    assertSame(counting, p.derived("a key", (own, key) -> counting));
    assertEquals(2, made[0]);
    p.close();
    assertEquals(1, freed[0]);
  }

  @Test
  void aRenewalMakesAnewWhatWasUsedSinceTheLastAndNothingElse() {
    Parameters p = Parameters.zeros(SPECS);
    Map<String, Integer> made = new HashMap<>();
    for (String key : List.of("often", "once")) {
      p.derived(key, (own, name) -> counting(name, made));
    }
    p.changed();
    p.renew();
    assertEquals(Map.of("often", 2, "once", 2), made);
    p.derived("often", (own, name) -> counting(name, made));
    assertEquals(2, made.get("often"), "it is fresh");
    p.changed();
    p.renew();
    p.renew();
    assertEquals(Map.of("often", 3, "once", 2), made);
    p.derived("once", (own, name) -> counting(name, made));
    assertEquals(3, made.get("once"), "what was left out is made when it is asked for");
    p.close();
  }

  @Test
  void inARoomWhatIsDerivedNextTakesThePlaceOfWhatIsThere() {
    DerivedRoom room = new DerivedRoom();
    List<Parameters> layers = List.of(Parameters.zeros(SPECS), Parameters.zeros(SPECS));
    layers.forEach(layer -> layer.deriveIn(room));
    Set<String> there = new HashSet<>();
    List<String> derived = new ArrayList<>();
    Runnable step =
        () -> {
          for (int layer = 0; layer < layers.size(); layer++) {
            for (String key : List.of("forward", "forward", "backward")) {
              String what = key + layer;
              layers.get(layer).part("").derived(key, (own, same) -> held(what, there, derived));
              assertEquals(Set.of(what), there);
            }
          }
        };
    step.run();
    List<String> once = List.of("forward0", "backward0", "forward1", "backward1");
    assertEquals(once, derived, "what is there is not made again");
    layers.forEach(Parameters::changed);
    layers.forEach(Parameters::renew);
    assertEquals(once, derived, "nothing is renewed, for it might not be used before it goes");
    step.run();
    assertEquals(8, derived.size());
    layers.forEach(Parameters::close);
    assertEquals(Set.of(), there);
  }

  private static Parameters.Derived held(String what, Set<String> there, List<String> derived) {
    return new Parameters.Derived() {
      @Override
      public void refresh() {
        derived.add(what);
        there.add(what);
      }

      @Override
      public void free() {
        there.remove(what);
      }
    };
  }

  @Test
  void valuesAreThoseOfAWholeAndOfAPartOfAnySizeAndType() {
    List<ParameterSpec> specs =
        List.of(
            new ParameterSpec("a/w", List.of(1000L), Initializer.constant(0)),
            new ParameterSpec("b/w", List.of(70_001L), Initializer.constant(0)));
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      Parameters p = Parameters.zeros(specs, type);
      p.flat().assign(Nd4j.arange(71_001).castTo(type));
      float[] values = p.values();
      float[] part = p.part("b/").values();
      assertEquals(71_001, values.length);
      assertEquals(70_001, part.length);
      for (int i = 0; i < values.length; i++) {
        assertEquals(i, values[i]);
      }
      for (int i = 0; i < part.length; i++) {
        assertEquals(1000 + i, part[i]);
      }
    }
  }

  @Test
  void arraysOverMemoryOfTheCallersLieAtItsBeginning() {
    INDArray memory = Nd4j.ones(10);
    Parameters p = Parameters.over(memory, SPECS);
    p.clear();
    assertEquals(10 - p.size(), memory.sumNumber().doubleValue());
    p.flat().assign(2);
    assertEquals(10 + p.size(), memory.sumNumber().doubleValue());
  }

  private static Parameters.Derived counting(String key, Map<String, Integer> made) {
    return new Parameters.Derived() {
      @Override
      public void refresh() {
        made.merge(key, 1, Integer::sum);
      }

      @Override
      public void free() {}
    };
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Parameters.zeros(SPECS).get("W"))
            .getMessage();
    assertTrue(message.contains("[weights, bias]"), message);
  }

  @Test
  void statisticsLieBehindWhatIsTrained() {
    ParameterSpec trained = new ParameterSpec("a", List.of(2L), Initializer.constant(1));
    ParameterSpec gathered = ParameterSpec.statistics("b", List.of(3L), Initializer.constant(2));
    Parameters p = Parameters.initial(List.of(trained, gathered), 1, 0);
    Data.assertClose(new double[] {1, 1, 2, 2, 2}, p.flat(), 0);
    p.trained().assign(7);
    Data.assertClose(new double[] {7, 7, 2, 2, 2}, p.flat(), 0);
    assertEquals(0, Parameters.zeros(List.of(gathered)).trained().length());
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> Parameters.zeros(List.of(gathered, trained)))
            .getMessage();
    assertTrue(message.contains("'a'"), message);
  }

  @Test
  void namesMustDiffer() {
    ParameterSpec a = new ParameterSpec("a", List.of(4L), Initializer.zeros());
    assertThrows(IllegalArgumentException.class, () -> Parameters.zeros(List.of(a, a)));
  }

  @Test
  void aPartIsALiveViewUnderShorterNames() {
    Parameters whole =
        Parameters.zeros(
            List.of(
                new ParameterSpec("0.a", List.of(2L), Initializer.zeros()),
                new ParameterSpec("1.a", List.of(3L), Initializer.zeros()),
                new ParameterSpec("1.b", List.of(1L), Initializer.zeros())));
    Parameters part = whole.part("1.");
    assertEquals(4, part.size());
    part.get("a").assign(7);
    part.get("b").assign(9);
    Data.assertClose(new double[] {0, 0, 7, 7, 7, 9}, whole.flat(), 0);
    Data.assertClose(new double[] {7, 7, 7, 9}, part.flat(), 0);
    assertEquals(0, whole.part("2.").size());
  }

  @Test
  void aLayerWithoutWeightsHasNoValues() {
    assertArrayEquals(new float[0], Parameters.zeros(List.of()).values());
  }
}
