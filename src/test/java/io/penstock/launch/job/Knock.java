package io.penstock.launch.job;

import io.penstock.link.Attacks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Updater as ND4J's own, in the midst of whose second step strangers come to every port that this
 * process has opened since: each is cut off before the step goes on.
 */
public final class Knock extends Sgd {
  private static final long serialVersionUID = 1L;

  /** Strangers who were cut off. */
  static final AtomicInteger CUT = new AtomicInteger();

  /** With blanks between: an updater has no lists. */
  private String old;

  private long parameters;

  /** For JSON. */
  public Knock() {}

  /**
   * Strangers who come while the layer of so many parameters is updated.
   *
   * @param old ports that they leave alone, as {@link ListeningSockets} tells them
   */
  Knock(Set<String> old, long parameters) {
    this(String.join(" ", old), parameters);
  }

  private Knock(String old, long parameters) {
    this.old = old;
    this.parameters = parameters;
  }

  @Override
  public Knock clone() {
    Knock copy = new Knock(old, parameters);
    copy.setLearningRate(getLearningRate());
    return copy;
  }

  @Override
  public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
    return new SgdUpdater(this) {
      @Override
      public void applyUpdater(INDArray gradient, int step, int epoch) {
        if (step == 1 && gradient.length() == parameters) {
          knock();
        }
        super.applyUpdater(gradient, step, epoch);
      }
    };
  }

  private void knock() {
    try {
      Set<String> ports = new HashSet<>(ListeningSockets.of(ProcessHandle.current().pid()));
      ports.removeAll(List.of(old.split(" ")));
      List<Socket> strangers = new ArrayList<>();
      for (String port : ports) {
        int colon = port.lastIndexOf(':');
        for (byte[] attack : Attacks.all()) {
          Socket one =
              new Socket(port.substring(0, colon), Integer.parseInt(port.substring(colon + 1)));
          strangers.add(one);
          try {
            one.getOutputStream().write(attack);
          } catch (IOException cut) {
            // while it spoke
          }
        }
      }
      for (Socket one : strangers) {
        try (one) {
          one.getInputStream().readAllBytes();
        } catch (IOException reset) {
          // an end as well
        }
        CUT.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
