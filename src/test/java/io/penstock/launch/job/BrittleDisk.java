package io.penstock.launch.job;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** A file system of this process that goes wrong at one of its operations. */
public final class BrittleDisk extends FaultyDisk {
  private static final String SCHEME = "brittle";

  /** What it does when its time has come. */
  enum Fault {
    /** That operation fails, and no other. */
    FAILS,
    /** Nothing is written any more, as where the process has died; a write leaves a half. */
    DIES,
    /** No file can be opened any more. */
    CANNOT_BE_READ,
    /** That operation waits until it is let go. */
    WAITS
  }

  /**
   * One operation.
   *
   * @param kind such as "write"
   * @param of such as "manifest"
   */
  record Operation(String kind, String of) {}

  private static final List<Operation> DONE = new ArrayList<>();
  private static Fault fault;
  private static Operation at;
  private static int left;
  private static boolean dead;
  private static CountDownLatch reached;
  private static CountDownLatch released;

  /** Made by Hadoop. */
  public BrittleDisk() {
    super(SCHEME);
  }

  /** Makes it known to whoever has these settings. */
  static void mount(Configuration conf) {
    mount(conf, SCHEME, BrittleDisk.class);
  }

  /** A directory on it. */
  static String under(java.nio.file.Path directory) {
    return under(SCHEME, directory);
  }

  /** Forgets what was done, and that anything was to go wrong. */
  static synchronized void mend() {
    DONE.clear();
    fault = null;
    at = null;
    dead = false;
  }

  /**
   * Has it go wrong.
   *
   * @param occurrence at which of such operations, from 1
   */
  static synchronized void breakAt(Fault what, Operation operation, int occurrence) {
    mend();
    fault = what;
    at = operation;
    left = occurrence;
    reached = new CountDownLatch(1);
    released = new CountDownLatch(1);
  }

  /** What was done since it was mended. */
  static synchronized List<Operation> done() {
    return List.copyOf(DONE);
  }

  /** Whether the fault has happened. */
  static synchronized boolean isBroken() {
    return fault != null && left <= 0;
  }

  /** Waits until an operation waits. */
  static void awaitWaiting() throws InterruptedException {
    reached.await();
  }

  /** Lets the operation go that waits. */
  static void release() {
    released.countDown();
  }

  /** Returns whether the operation is to fail. */
  private static boolean fails(String kind, Path path) {
    if (isLook(path)) {
      return false;
    }
    synchronized (BrittleDisk.class) {
      Operation now = new Operation(kind, role(path));
      DONE.add(now);
      left -= fault != null && at.equals(now) ? 1 : 0;
      if (fault == null || left != 0 || !at.equals(now)) {
        return dead || (isBroken() && fault == Fault.CANNOT_BE_READ && kind.equals("open"));
      }
      if (fault != Fault.WAITS) {
        dead = fault == Fault.DIES;
        return true;
      }
      reached.countDown();
    }
    try {
      released.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
    return false;
  }

  private static void enter(String kind, Path path) throws IOException {
    if (fails(kind, path)) {
      throw new IOException("planned: " + kind + " of " + path);
    }
  }

  private static String role(Path path) {
    String name = path.getName();
    return name.contains("manifest")
        ? "manifest"
        : name.startsWith(CheckpointLocation.PREFIX)
            ? "checkpoint"
            : name.endsWith(".npy") ? path.getParent().getName() : "run";
  }

  @Override
  void creating(Path file) throws IOException {
    enter("create", file);
  }

  @Override
  FSDataOutputStream created(Path path, FSDataOutputStream out) throws IOException {
    OutputStream guard =
        new FilterOutputStream(out) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            if (fails("write", path)) {
              out.write(bytes, offset, length / 2);
              throw new IOException("planned: write of " + path);
            }
            out.write(bytes, offset, length);
          }

          @Override
          public void close() throws IOException {
            boolean fails = fails("close", path);
            out.close();
            if (fails) {
              throw new IOException("planned: close of " + path);
            }
          }
        };
    return new FSDataOutputStream(guard, null);
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    enter("open", file);
    return super.open(file, bufferSize);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    enter("rename", to);
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    enter("delete", path);
    return super.delete(path, recursive);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    enter("list", path);
    return super.listStatus(path);
  }
}
