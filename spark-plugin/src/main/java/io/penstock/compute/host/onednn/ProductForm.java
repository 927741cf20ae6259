package io.penstock.compute.host.onednn;

import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;

/**
 * Form in which oneDNN is asked for a matrix product: its kernels for the two differ in speed, by
 * the processor's class, and not in what they compute. Stateless.
 */
enum ProductForm {
  /** A matrix product. */
  PRODUCT {
    @Override
    memory.desc input(PackedProduct.Size size) {
      return OneDnn.floats(memory.format_tag.ab, size.rows(), size.inputs());
    }

    @Override
    memory.desc output(PackedProduct.Size size) {
      return OneDnn.floats(memory.format_tag.ab, size.rows(), size.outputs());
    }

    @Override
    memory.desc bias(PackedProduct.Size size) {
      return OneDnn.floats(memory.format_tag.ab, 1, size.outputs());
    }

    @Override
    memory.desc weights(PackedProduct.Size size, boolean transposed) {
      memory.format_tag order = transposed ? memory.format_tag.ab : memory.format_tag.ba;
      return OneDnn.floats(order, size.inputs(), size.outputs());
    }

    @Override
    primitive_desc_base compile(PackedProduct.Size size, engine engine) {
      memory.desc any = OneDnn.floats(memory.format_tag.any, size.inputs(), size.outputs());
      primitive_attr plain = new primitive_attr();
      return size.bias()
          ? new matmul.primitive_desc(
              engine, input(size), any, bias(size), output(size), plain, false)
          : new matmul.primitive_desc(engine, input(size), any, output(size), plain, false);
    }

    @Override
    primitive kernel(primitive_desc_base compiled) {
      return new matmul((matmul.primitive_desc) compiled);
    }
  },

  /** A convolution of windows of one place, over a picture whose only line has a place a row. */
  CONVOLUTION {
    @Override
    memory.desc input(PackedProduct.Size size) {
      return OneDnn.floats(memory.format_tag.nhwc, 1, size.inputs(), 1, size.rows());
    }

    @Override
    memory.desc output(PackedProduct.Size size) {
      return OneDnn.floats(memory.format_tag.nhwc, 1, size.outputs(), 1, size.rows());
    }

    @Override
    memory.desc bias(PackedProduct.Size size) {
      return OneDnn.floats(memory.format_tag.a, size.outputs());
    }

    @Override
    memory.desc weights(PackedProduct.Size size, boolean transposed) {
      memory.format_tag order = transposed ? memory.format_tag.iohw : memory.format_tag.oihw;
      return OneDnn.floats(order, size.outputs(), size.inputs(), 1, 1);
    }

    @Override
    primitive_desc_base compile(PackedProduct.Size size, engine engine) {
      memory.desc any = OneDnn.floats(memory.format_tag.any, size.outputs(), size.inputs(), 1, 1);
      long[] stride = {1, 1};
      long[] none = {0, 0};
      prop_kind kind = prop_kind.forward_inference;
      algorithm direct = algorithm.convolution_direct;
      return size.bias()
          ? new convolution_forward.primitive_desc(
              engine, kind, direct, input(size), any, bias(size), output(size), stride, none, none)
          : new convolution_forward.primitive_desc(
              engine, kind, direct, input(size), any, output(size), stride, none, none);
    }

    @Override
    primitive kernel(primitive_desc_base compiled) {
      return new convolution_forward((convolution_forward.primitive_desc) compiled);
    }
  };

  /** Inputs, and outputs, up to which the convolution's kernel is the quicker. */
  private static final long MOST = 2_048;

  /** The rows, {@code [rows, inputs]}, densely in 'c' order. */
  abstract memory.desc input(PackedProduct.Size size);

  /** The results, {@code [rows, outputs]}, densely in 'c' order. */
  abstract memory.desc output(PackedProduct.Size size);

  /** The bias, which is added to each row. */
  abstract memory.desc bias(PackedProduct.Size size);

  /**
   * The plain matrix {@code [inputs, outputs]}.
   *
   * @param transposed false if it lies column by column, true if row by row
   */
  abstract memory.desc weights(PackedProduct.Size size, boolean transposed);

  /** Compiles a kernel, for weights in the order that it likes best. */
  abstract primitive_desc_base compile(PackedProduct.Size size, engine engine);

  /** Returns the primitive of what was compiled. */
  abstract primitive kernel(primitive_desc_base compiled);

  /**
   * Returns the form whose kernel is the quicker for this size: follows from the shape and the
   * instruction set alone. Measured on Zen 4: with registers of 8 floats the convolution's kernel
   * is a tenth faster, where weights come from memory (64×1024×1024: 101 GFLOP/s against 91), with
   * 16 the product's (104 against 102). With 4,096 inputs or outputs the convolution's falls to a
   * third of that (1024×4096×4096: 35 GFLOP/s), and what else one may be compiled to is slower than
   * either.
   */
  static ProductForm of(PackedProduct.Size size, engine engine) {
    if (OneDnn.isWide() || size.inputs() > MOST || size.outputs() > MOST) {
      return PRODUCT;
    }
    primitive_desc_base compiled = CONVOLUTION.compile(size, engine);
    boolean quick = compiled.impl_info_str().getString().startsWith("brgconv_1x1");
    compiled.deallocate();
    return quick ? CONVOLUTION : PRODUCT;
  }
}
