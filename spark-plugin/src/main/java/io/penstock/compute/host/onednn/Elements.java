package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Element-wise arithmetic on vectors of one length by oneDNN: the parts of kernels that pass over
 * memory a few times. For one thread.
 */
final class Elements {
  /** Compiled pass over memory, told where its vectors lie beforehand. */
  record Pass(primitive compiled, IntMemoryMap arguments, stream stream) {
    void run() {
      compiled.execute(stream, arguments);
    }
  }

  /** Argument of one number, which changes from run to run. */
  record Scalar(memory place, FloatPointer number) {
    void set(double value) {
      number.put((float) value);
    }
  }

  private final engine engine = OneDnn.processor();
  private final stream stream = new stream(engine);
  private final memory.desc one = OneDnn.floats(memory.format_tag.x, 1);
  private final memory.desc many;

  Elements(long length) {
    many = OneDnn.floats(memory.format_tag.x, length);
  }

  /** Returns a vector that lies nowhere yet. */
  memory vector() {
    return new memory(many, engine, (Pointer) null);
  }

  Scalar scalar(double value) {
    FloatPointer number = new FloatPointer(1);
    Scalar scalar = new Scalar(new memory(one, engine, number), number);
    scalar.set(value);
    return scalar;
  }

  /** {@code to = a op b}; {@code to} may be {@code a}. */
  Pass combine(algorithm op, memory a, memory b, memory to) {
    return combine(op, a, b, to, new post_ops());
  }

  /** {@code to = a op b · scale + kept · to}. */
  Pass combine(algorithm op, memory a, memory b, double scale, double kept, memory to) {
    post_ops after = new post_ops();
    if (scale != 1) {
      after.append_eltwise(algorithm.eltwise_linear, (float) scale, 0);
    }
    after.append_sum((float) kept, 0, memory.data_type.undef);
    return combine(op, a, b, to, after);
  }

  /** {@code to += (a op b) · factor}. */
  Pass combine(algorithm op, memory a, memory b, Scalar factor, memory to) {
    post_ops after = new post_ops();
    after.append_binary(algorithm.binary_mul, one);
    after.append_sum(1, 0, memory.data_type.undef);
    Pass pass = combine(op, a, b, to, after);
    pass.arguments.put(DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1, factor.place);
    return pass;
  }

  private Pass combine(algorithm op, memory a, memory b, memory to, post_ops after) {
    primitive_attr attributes = new primitive_attr();
    attributes.set_post_ops(after);
    binary compiled =
        new binary(
            new binary.primitive_desc(
                engine, op, a.get_desc(), b.get_desc(), to.get_desc(), attributes, false));
    IntMemoryMap arguments =
        new IntMemoryMap().put(DNNL_ARG_SRC_0, a).put(DNNL_ARG_SRC_1, b).put(DNNL_ARG_DST, to);
    return new Pass(compiled, arguments, stream);
  }

  /** {@code to = √of}. */
  Pass root(memory of, memory to) {
    eltwise_forward compiled =
        new eltwise_forward(
            new eltwise_forward.primitive_desc(
                engine, prop_kind.forward_inference, algorithm.eltwise_sqrt, many, many, 0, 0));
    IntMemoryMap arguments = new IntMemoryMap().put(DNNL_ARG_SRC, of).put(DNNL_ARG_DST, to);
    return new Pass(compiled, arguments, stream);
  }
}
