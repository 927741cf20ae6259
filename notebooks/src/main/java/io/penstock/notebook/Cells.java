package io.penstock.notebook;

import java.util.UUID;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplaySystem;

/**
 * Functions that cells call by their names alone, imported one by one so that they go before those
 * of rapaio-jupyter-kernel's {@code Global}: those belong to a kernel that its own starter makes.
 * May be called by the thread of a cell.
 */
public final class Cells {
  private Cells() {}

  /**
   * Shows a value below the cell.
   *
   * @return the id under which {@link #updateDisplay} shows another in its place
   */
  public static String display(Object value) {
    return display(null, value);
  }

  /**
   * Shows a value below the cell.
   *
   * @param mime as what, such as {@code text/html}; null or blank for what suits it best
   * @return the id under which {@link #updateDisplay} shows another in its place
   */
  public static String display(String mime, Object value) {
    String id = UUID.randomUUID().toString();
    SparkKernel.ofThisProcess().display(rendered(id, mime, value));
    return id;
  }

  /** Shows a value in the place of one that {@link #display(Object)} gave this id. */
  public static void updateDisplay(String id, Object value) {
    updateDisplay(id, null, value);
  }

  /** Shows a value, as something, in the place of one that {@link #display(Object)} gave the id. */
  public static void updateDisplay(String id, String mime, Object value) {
    SparkKernel.ofThisProcess().updateDisplay(rendered(id, mime, value));
  }

  /**
   * Evaluates code as a cell of its own.
   *
   * @return what the cell would show; null for nothing
   * @throws Exception what the code throws, or what is wrong with it
   */
  public static Object eval(String code) throws Exception {
    return SparkKernel.ofThisProcess().eval(code);
  }

  private static DisplayData rendered(String id, String mime, Object value) {
    DisplaySystem system = DisplaySystem.inst();
    DisplayData rendered =
        mime == null || mime.isBlank() ? system.render(value) : system.render(mime, value);
    rendered.setDisplayId(id);
    return rendered;
  }
}
