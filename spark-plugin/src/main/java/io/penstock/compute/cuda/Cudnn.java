package io.penstock.compute.cuda;

import com.sun.jna.ptr.LongByReference;

/**
 * Functions of cuDNN's legacy API for convolutions, as the headers of cuDNN 8 and 9 declare them,
 * and the numbers of its enumerations: handles, descriptors and addresses are long. {@link
 * CudnnLibrary} binds them. Thread-safe, but for a handle.
 */
final class Cudnn {
  /** CUDNN_STATUS_SUCCESS. */
  static final int SUCCESS = 0;

  /** CUDNN_DATA_FLOAT. */
  static final int FLOAT = 0;

  /** CUDNN_TENSOR_NCHW; of a filter, outputs take the place of pictures (KCRS). */
  static final int BY_CHANNELS = 0;

  /** CUDNN_CROSS_CORRELATION: a filter is not turned round. */
  static final int CROSS_CORRELATION = 1;

  /**
   * cudnnMathType_t: CUDNN_DEFAULT_MATH, which lets factors of float be rounded to TF32 from
   * compute capability 8.0 on, and CUDNN_FMA_MATH, which does not. Those that may round them to
   * float16, with its small range, are not used.
   */
  static final int DEFAULT_MATH = 0;

  static final int FMA_MATH = 3;

  /** CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM. */
  static final int FORWARD_BY_PRODUCT = 1;

  /** CUDNN_CONVOLUTION_BWD_DATA_ALGO_1; ALGO_0 adds up by atomics. */
  static final int INPUT_GRADIENT_IN_ORDER = 1;

  /** CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1; ALGO_0 and ALGO_3 add up by atomics. */
  static final int FILTER_GRADIENT_IN_ORDER = 1;

  private Cudnn() {}

  static native long cudnnGetVersion();

  static native String cudnnGetErrorString(int result);

  static native int cudnnCreate(LongByReference handle);

  static native int cudnnDestroy(long handle);

  static native int cudnnSetStream(long handle, long stream);

  static native int cudnnCreateTensorDescriptor(LongByReference tensor);

  static native int cudnnDestroyTensorDescriptor(long tensor);

  static native int cudnnSetTensor4dDescriptor(
      long tensor, int format, int type, int count, int channels, int height, int width);

  static native int cudnnCreateFilterDescriptor(LongByReference filter);

  static native int cudnnDestroyFilterDescriptor(long filter);

  static native int cudnnSetFilter4dDescriptor(
      long filter, int type, int format, int outputs, int channels, int height, int width);

  static native int cudnnCreateConvolutionDescriptor(LongByReference convolution);

  static native int cudnnDestroyConvolutionDescriptor(long convolution);

  static native int cudnnSetConvolution2dDescriptor(
      long convolution,
      int padDown,
      int padAcross,
      int strideDown,
      int strideAcross,
      int dilationDown,
      int dilationAcross,
      int mode,
      int computeType);

  static native int cudnnSetConvolutionMathType(long convolution, int math);

  static native int cudnnGetConvolutionForwardWorkspaceSize(
      long handle,
      long pictures,
      long filter,
      long convolution,
      long places,
      int algorithm,
      LongByReference bytes);

  static native int cudnnGetConvolutionBackwardDataWorkspaceSize(
      long handle,
      long filter,
      long places,
      long convolution,
      long pictures,
      int algorithm,
      LongByReference bytes);

  static native int cudnnGetConvolutionBackwardFilterWorkspaceSize(
      long handle,
      long pictures,
      long places,
      long convolution,
      long filter,
      int algorithm,
      LongByReference bytes);

  static native int cudnnConvolutionForward(
      long handle,
      long alpha,
      long pictures,
      long atPictures,
      long filter,
      long atFilter,
      long convolution,
      int algorithm,
      long workspace,
      long workspaceBytes,
      long beta,
      long places,
      long atPlaces);

  static native int cudnnConvolutionBackwardData(
      long handle,
      long alpha,
      long filter,
      long atFilter,
      long places,
      long atPlaces,
      long convolution,
      int algorithm,
      long workspace,
      long workspaceBytes,
      long beta,
      long pictures,
      long atPictures);

  static native int cudnnConvolutionBackwardFilter(
      long handle,
      long alpha,
      long pictures,
      long atPictures,
      long places,
      long atPlaces,
      long convolution,
      int algorithm,
      long workspace,
      long workspaceBytes,
      long beta,
      long filter,
      long atFilter);
}
