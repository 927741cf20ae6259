package io.penstock.gpu;

import static org.junit.platform.commons.support.AnnotationSupport.isAnnotated;

import io.penstock.device.Machine;
import io.penstock.device.NvidiaSmi;
import io.penstock.device.UnusableDeviceException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Looks for what a test of GPUs needs, and says why it is skipped. */
final class GpuCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Class<?> test = context.getRequiredTestClass();
    Optional<String> lacking = lacking(isAnnotated(test, NeedsGpu.class));
    if (lacking.isEmpty()) {
      return ConditionEvaluationResult.enabled("all is there");
    }
    return ConditionEvaluationResult.disabled(lacking.get());
  }

  private static Optional<String> lacking(boolean gpu) {
    if (!Machine.hasCudaJars()) {
      return Optional.of("ND4J's CUDA backend is not on the class path (mvn verify -Pcuda).");
    }
    Optional<String> noGpu = unusable();
    return gpu
        ? noGpu
        : noGpu.isPresent()
            ? Optional.empty()
            : Optional.of("there is a GPU, and this is about its absence.");
  }

  private static Optional<String> unusable() {
    Machine machine = Machine.here(NvidiaSmi.DEFAULT);
    List<String> addresses = machine.addresses();
    try {
      machine.device(addresses.isEmpty() ? "0" : addresses.get(0));
      return Optional.empty();
    } catch (UnusableDeviceException why) {
      return Optional.of(why.getMessage());
    }
  }
}
