package io.penstock.gpu;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Run only where this process has a GPU that ND4J can use and ND4J's CUDA backend ({@code mvn
 * verify -Pcuda}); elsewhere skipped, with the reason printed.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("gpu")
@ExtendWith(GpuCondition.class)
@interface NeedsGpu {}
