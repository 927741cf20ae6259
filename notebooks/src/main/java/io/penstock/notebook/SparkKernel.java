package io.penstock.notebook;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.rapaio.jupyter.kernel.core.RapaioKernel;
import org.rapaio.jupyter.kernel.core.java.EvaluationInterruptedException;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.message.Message;
import org.rapaio.jupyter.kernel.message.messages.ShellKernelInfoRequest;

/**
 * A Java kernel that knows of Spark: interrupting it cancels the Spark jobs of the cell, and the
 * next cell runs.
 *
 * <p>Interrupting a thread that waits for a Spark job does not end the job, which would go on and
 * hold its slots; and rapaio-jupyter-kernel's own interrupt stops the engine for good.
 */
public final class SparkKernel extends RapaioKernel {
  /** How that kernel names the threads that run cells. */
  private static final String CELL_THREAD = "Engine-thread-";

  /** Of {@link Cells}. */
  private static final List<String> FUNCTIONS = List.of("display", "updateDisplay", "eval");

  private volatile boolean interrupted;

  /** Whether clients that ask what kernel this is are told. */
  private volatile boolean answers;

  /** Made when it is first asked for, which takes a second. */
  private static final class OfThisProcess {
    static final SparkKernel KERNEL = new SparkKernel();
  }

  private SparkKernel() {
    for (String function : FUNCTIONS) {
      String line = "import static " + Cells.class.getName() + "." + function + ";";
      try {
        javaEngine().eval(executionContext(), line);
      } catch (Exception refused) {
        throw new IllegalStateException("Cells cannot call " + function, refused);
      }
    }
  }

  /** The kernel of this process, to which the functions of {@link Cells} go. Any thread may ask. */
  static SparkKernel ofThisProcess() {
    return OfThisProcess.KERNEL;
  }

  /**
   * Answers clients from now on, or leaves them without an answer, so that they ask again. A client
   * that was answered once sends its cells, and none of them twice.
   */
  void answer(boolean clients) {
    answers = clients;
  }

  /** Tells what kernel this is, if clients are answered. */
  @Override
  public void handleKernelInfoRequest(Message<ShellKernelInfoRequest> request) {
    if (answers) {
      super.handleKernelInfoRequest(request);
    }
  }

  /** Cancels all Spark jobs of this process and interrupts the cell that runs. Any thread may. */
  @Override
  public void interrupt() {
    interrupted = true;
    cancelJobs();
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(CELL_THREAD))
        .forEach(Thread::interrupt);
  }

  /**
   * Runs a cell.
   *
   * @throws EvaluationInterruptedException if it was interrupted
   */
  @Override
  public DisplayData eval(String cell) throws Exception {
    interrupted = false;
    try {
      return super.eval(cell);
    } catch (Exception failed) {
      throw interrupted ? interruption(cell, failed) : failed;
    } finally {
      if (interrupted) {
        cancelJobs(); // one that the cell submitted after the others were cancelled
      }
    }
  }

  private static Exception interruption(String cell, Exception how) {
    Exception told = new EvaluationInterruptedException(cell.strip());
    told.initCause(how);
    return told;
  }

  private static void cancelJobs() {
    scala.Option<SparkSession> session = SparkSession.getDefaultSession();
    if (session.isDefined() && !session.get().sparkContext().isStopped()) {
      session.get().sparkContext().cancelAllJobs();
    }
  }
}
