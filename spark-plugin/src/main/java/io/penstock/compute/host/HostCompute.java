package io.penstock.compute.host;

import io.penstock.compute.Compute;
import io.penstock.compute.Kernels;
import io.penstock.compute.Norms;
import io.penstock.compute.Products;
import io.penstock.compute.Rows;
import io.penstock.compute.Windows;
import io.penstock.compute.plain.PlainCompute;

/** Compute by oneDNN and OpenBLAS on floats in the host's memory. */
public final class HostCompute implements Compute {
  private final Kernels kernels = new Kernels();
  private final Ones ones = new Ones();
  private final Rows rows = new HostRows(ones);
  private final Products products = new HostProducts(kernels, rows);
  private final Norms norms = new HostNorms(kernels, rows);
  private final Windows windows = new HostWindows(kernels, new PlainCompute().windows());

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
  public void clear() {
    kernels.clear();
    ones.clear();
  }
}
