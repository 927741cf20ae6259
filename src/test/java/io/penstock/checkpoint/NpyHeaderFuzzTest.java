package io.penstock.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.fuzz.Inputs;
import io.penstock.fuzz.Reading;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class NpyHeaderFuzzTest {
  @Provide
  Arbitrary<byte[]> files() {
    return Inputs.of(
        List.of(
            Nd4j.toNpyByteArray(Nd4j.ones(DataType.FLOAT, 3, 5)),
            Nd4j.toNpyByteArray(Nd4j.ones(DataType.DOUBLE, 7)),
            Nd4j.toNpyByteArray(Nd4j.ones(DataType.FLOAT, 2, 1, 2, 2).dup('f'))));
  }

  @Property(seed = "1")
  void everyFileHasAHeaderOrIsRefused(@ForAll("files") byte[] bytes) throws Exception {
    Reading.of(
        bytes.length,
        Set.of(IOException.class),
        () -> {
          NpyHeader header = NpyHeader.read("file", new ByteArrayInputStream(bytes));
          NpyHeader again = NpyHeader.read("file", new ByteArrayInputStream(bytes));
          assertEquals(header, again);
          try {
            header.fileLength();
          } catch (ArithmeticException uncountable) {
            // NpyFile asks, and refuses such a file
          }
        });
  }
}
