package io.penstock.compute.plain;

import io.penstock.compute.Compute;
import io.penstock.compute.Norms;
import io.penstock.compute.Products;
import io.penstock.compute.Rows;
import io.penstock.compute.Windows;

/** Compute by ND4J's operations. */
public final class PlainCompute implements Compute {
  private final Products products = new PlainProducts();
  private final Rows rows = new PlainRows();
  private final Norms norms = new PlainNorms();
  private final Windows windows = new PlainWindows();

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
  public void clear() {}
}
