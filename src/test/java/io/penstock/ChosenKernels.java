package io.penstock;

import io.penstock.launch.cluster.NativeRuntime;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Chooses kernels for the tests' own process as every process of Penstock's does, before a test
 * makes its first array: what is computed here is compared bit for bit with what executors compute.
 */
public final class ChosenKernels implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    NativeRuntime.chooseKernels();
  }
}
