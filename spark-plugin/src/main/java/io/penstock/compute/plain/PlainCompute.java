package io.penstock.compute.plain;

import io.penstock.compute.Activations;
import io.penstock.compute.Compute;
import io.penstock.compute.Losses;
import io.penstock.compute.Norms;
import io.penstock.compute.Products;
import io.penstock.compute.Recurrences;
import io.penstock.compute.Rows;
import io.penstock.compute.Updates;
import io.penstock.compute.Windows;

/** Compute by ND4J's operations. */
public final class PlainCompute implements Compute {
  private final Products products = new PlainProducts();
  private final Rows rows = new PlainRows();
  private final Norms norms = new PlainNorms();
  private final Windows windows = new PlainWindows();
  private final Activations activations = new PlainActivations();
  private final PlainRecurrences recurrences = new PlainRecurrences();
  private final Losses losses = new PlainLosses();
  private final Updates updates = new PlainUpdates();

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
    recurrences.clear();
  }
}
