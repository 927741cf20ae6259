package io.penstock.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  @Test
  void everyOptionIsRead() {
    Options read =
        Options.read(
            "--part", "rates", "--small", "--gpu", "3", "--seconds", "7", "--only", "softmax");
    assertEquals(Options.Part.RATES, read.part());
    assertTrue(read.small());
    assertEquals(3, read.gpu());
    assertEquals(7, read.seconds());
    assertEquals("softmax", read.only());
  }

  @ParameterizedTest
  @CsvSource({
    "--gpus 3,no option --gpus",
    "--gpu,--gpu VALUE",
    "--gpu x,'x'",
    "--part all,KERNELS"
  })
  void whatNobodyUnderstandsIsRefusedInWords(String line, String words) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Options.read(line.split(" ")));
    assertTrue(e.getMessage().contains(words), e::getMessage);
  }
}
