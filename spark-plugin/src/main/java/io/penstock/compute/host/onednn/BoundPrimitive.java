package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Primitive with reorders of its arrays: each lies plainly outside and is brought into the memory
 * order that the primitive wants, or back, where the two differ. For one thread.
 */
final class BoundPrimitive {
  private enum Way {
    READ,
    WRITTEN,
    ADDED
  }

  /**
   * Array of a run, outside and as the primitive takes it.
   *
   * @param array which of those that a run is given
   * @param before how many of the array's numbers stand before it
   * @param move null if the primitive takes the array as it lies outside
   * @param place where in the scratch memory it lies for the primitive
   */
  private record Port(
      Way way,
      int array,
      long before,
      memory outside,
      memory inside,
      reorder move,
      IntMemoryMap moved,
      long place) {}

  private final Handle handle = new Handle();
  private final engine engine;
  private final stream stream;
  private final primitive primitive;
  private final IntMemoryMap arguments = new IntMemoryMap();
  private final List<Port> ports = new ArrayList<>();
  private memory packed;
  private int arrays;
  private long used;
  private long scratchBytes;

  BoundPrimitive(engine engine, primitive primitive) {
    this.engine = engine;
    this.stream = new stream(engine);
    this.primitive = primitive;
  }

  /** Declares the next array as read. */
  BoundPrimitive reads(int argument, memory.desc plain, memory.desc own) {
    return add(Way.READ, 0, argument, plain, own);
  }

  /** Declares the next array as overwritten. */
  BoundPrimitive writes(int argument, memory.desc plain, memory.desc own) {
    return add(Way.WRITTEN, 0, argument, plain, own);
  }

  /** Declares the next array as one to which the result is added. */
  BoundPrimitive adds(int argument, memory.desc plain, memory.desc own) {
    return add(Way.ADDED, 0, argument, plain, own);
  }

  /** Declares what follows in the array that was declared last as read. */
  BoundPrimitive readsOn(int argument, memory.desc plain, memory.desc own) {
    arrays--;
    return add(Way.READ, used, argument, plain, own);
  }

  /** Declares what follows in the array that was declared last as overwritten. */
  BoundPrimitive writesOn(int argument, memory.desc plain, memory.desc own) {
    arrays--;
    return add(Way.WRITTEN, used, argument, plain, own);
  }

  /** Declares weights that are packed for the primitive: see {@link #hand}. */
  BoundPrimitive readsPacked(int argument, memory.desc own) {
    packed = new memory(own, engine, (Pointer) null);
    return takes(argument, packed);
  }

  /** Sets the weights of the runs from now on. */
  BoundPrimitive hand(PackedWeights weights) {
    handle.give(packed, weights.address());
    return this;
  }

  /** Declares an array that the primitive reads or writes as it is. */
  BoundPrimitive takes(int argument, memory array) {
    arguments.put(argument, array);
    return this;
  }

  private BoundPrimitive add(
      Way way, long before, int argument, memory.desc plain, memory.desc own) {
    int array = arrays++;
    used = before + plain.get_size() / Float.BYTES;
    memory outside = new memory(plain, engine, (Pointer) null);
    if (way != Way.ADDED && own.equals(plain)) {
      ports.add(new Port(way, array, before, outside, outside, null, null, 0));
      return takes(argument, outside);
    }
    memory inside = new memory(own, engine, (Pointer) null);
    memory from = way == Way.READ ? outside : inside;
    memory to = way == Way.READ ? inside : outside;
    reorder move = way == Way.ADDED ? new reorder(from, to, addition()) : new reorder(from, to);
    IntMemoryMap moved = new IntMemoryMap().put(DNNL_ARG_FROM, from).put(DNNL_ARG_TO, to);
    ports.add(new Port(way, array, before, outside, inside, move, moved, scratchBytes));
    long lines = (own.get_size() + Scratch.LINE - 1) / Scratch.LINE;
    scratchBytes += lines * Scratch.LINE;
    return takes(argument, inside);
  }

  private static primitive_attr addition() {
    post_ops sum = new post_ops();
    sum.append_sum();
    primitive_attr attributes = new primitive_attr();
    attributes.set_post_ops(sum);
    return attributes;
  }

  /**
   * Runs the primitive.
   *
   * @param arrays in the order in which they were declared; each lies densely as it was described
   */
  void run(Scratch scratch, INDArray... arrays) {
    long inside = scratchBytes == 0 ? 0 : scratch.bytes(scratchBytes);
    for (Port port : ports) {
      if (port.array == arrays.length) {
        break; // a primitive may be run without its last arrays
      }
      handle.give(port.outside, arrays[port.array], port.before);
      if (port.move != null) {
        handle.give(port.inside, inside + port.place);
      }
      if (port.move != null && port.way == Way.READ) {
        port.move.execute(stream, port.moved);
      }
    }
    primitive.execute(stream, arguments);
    for (Port port : ports) {
      if (port.move != null && port.way != Way.READ) {
        port.move.execute(stream, port.moved);
      }
    }
    Reference.reachabilityFence(arrays);
  }
}
