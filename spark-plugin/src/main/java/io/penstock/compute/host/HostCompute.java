package io.penstock.compute.host;

import io.penstock.compute.Activations;
import io.penstock.compute.Compute;
import io.penstock.compute.Kernels;
import io.penstock.compute.Losses;
import io.penstock.compute.Norms;
import io.penstock.compute.Products;
import io.penstock.compute.Recurrences;
import io.penstock.compute.Rows;
import io.penstock.compute.Updates;
import io.penstock.compute.Windows;
import io.penstock.compute.plain.PlainCompute;
import io.penstock.compute.plain.PlainRecurrences;

/** Compute by oneDNN and OpenBLAS on floats in the host's memory. */
public final class HostCompute implements Compute {
  private final Kernels kernels = new Kernels();
  private final Ones ones = new Ones();
  private final Rows rows = new HostRows(ones);
  private final Products products = new HostProducts(kernels, rows);
  private final Norms norms = new HostNorms(kernels, rows);
  private final Windows windows = new HostWindows(kernels, new PlainCompute().windows());
  private final Activations activations = new HostActivations(kernels, rows);
  private final PlainRecurrences recurrences = new PlainRecurrences();
  private final Losses losses = new HostLosses(kernels);
  private final Updates updates = new HostUpdates(kernels, rows);

  @Override
  public Products products() {
    return products;
  }

  @Override
  public Rows rows() {
    return rows;
  }

  @Override
  public Norms norms() {
    return norms;
  }

  @Override
  public Windows windows() {
    return windows;
  }

  @Override
  public Activations activations() {
    return activations;
  }

  @Override
  public Recurrences recurrences() {
    return recurrences;
  }

  @Override
  public Losses losses() {
    return losses;
  }

  @Override
  public Updates updates() {
    return updates;
  }

  @Override
  public void clear() {
    kernels.clear();
    ones.clear();
    recurrences.clear();
  }
}
