package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PtxTest {
  @Test
  void kernelsAndTheTypesOfTheirParametersAreRead() {
    Ptx ptx =
        Ptx.of(
            "two.ptx",
            """
            .visible .entry one(
              .param .u64 one_param_0,
              .param .u32 one_param_1,
              .param .f32 one_param_2,
              .param .u64 .ptr .align 1 one_param_3,
              .param .f64 one_param_4
            )
            { ret; }
            .visible .entry none()
            { ret; }
            """);
    assertEquals(Map.of("one", "lifld", "none", ""), ptx.parameters());
  }

  @Test
  void aParameterThatNoLauncherPassesIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Ptx.of("one.ptx", ".entry one(.param .align 8 .b8 one_param_0[16])"));
    assertTrue(e.getMessage().contains("one.ptx"), e::getMessage);
  }
}
