package io.penstock.compute.cuda;

import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;

/**
 * Functions of cuBLASLt, as cublasLt.h of CUDA 11 to 13 declares them, and the numbers of its
 * enumerations: handles and addresses are long. {@link CublasLibrary} binds them. Thread-safe.
 */
final class Cublas {
  /** Results: CUBLAS_STATUS_SUCCESS and CUBLAS_STATUS_NOT_SUPPORTED. */
  static final int SUCCESS = 0;

  static final int NOT_SUPPORTED = 15;

  /** CUDA_R_32F. */
  static final int FLOAT = 0;

  /** cublasComputeType_t: CUBLAS_COMPUTE_32F, _32F_FAST_16BF and _32F_FAST_TF32. */
  static final int COMPUTE_FLOAT = 68;

  static final int COMPUTE_BFLOAT16 = 75;
  static final int COMPUTE_TF32 = 77;

  /** cublasLtMatmulDescAttributes_t. */
  static final int TRANSPOSE_A = 3;

  static final int TRANSPOSE_B = 4;
  static final int EPILOGUE = 7;
  static final int BIAS = 8;

  /** cublasLtEpilogue_t: CUBLASLT_EPILOGUE_BIAS adds a number to each row. */
  static final int ADD_BIAS = 4;

  /** cublasLtMatrixLayoutAttribute_t. */
  static final int BATCH_COUNT = 5;

  static final int BATCH_STEP = 6;

  /** cublasLtMatmulPreferenceAttributes_t; alignments of a, b, c and d follow each other. */
  static final int MOST_WORKSPACE = 1;

  static final int REDUCTIONS = 3;
  static final int ALIGNMENT_OF_A = 5;

  /**
   * cublasLtReductionScheme_t: CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE; products that are not split
   * are always allowed.
   */
  static final int REDUCED_IN_WORKSPACE = 2;

  /** Bytes of cublasLtMatmulAlgo_t: 8 numbers of 64 bits. */
  static final int ALGORITHM_BYTES = 64;

  /**
   * Bytes of cublasLtMatmulHeuristicResult_t: the algorithm, a long, the workspace it needs, the
   * result, an int, a float and 4 int.
   */
  static final int CHOICE_BYTES = 96;

  static final int CHOICE_WORKSPACE = 64;
  static final int CHOICE_RESULT = 72;

  private Cublas() {}

  static native long cublasLtGetVersion();

  static native int cublasLtCreate(LongByReference handle);

  static native int cublasLtDestroy(long handle);

  static native int cublasLtMatmulDescCreate(
      LongByReference description, int computeType, int scaleType);

  static native int cublasLtMatmulDescDestroy(long description);

  static native int cublasLtMatmulDescSetAttribute(
      long description, int attribute, long value, long bytes);

  static native int cublasLtMatrixLayoutCreate(
      LongByReference layout, int type, long rows, long columns, long leading);

  static native int cublasLtMatrixLayoutDestroy(long layout);

  static native int cublasLtMatrixLayoutSetAttribute(
      long layout, int attribute, long value, long bytes);

  static native int cublasLtMatmulPreferenceCreate(LongByReference preference);

  static native int cublasLtMatmulPreferenceDestroy(long preference);

  static native int cublasLtMatmulPreferenceSetAttribute(
      long preference, int attribute, long value, long bytes);

  static native int cublasLtMatmulAlgoGetHeuristic(
      long handle,
      long description,
      long layoutA,
      long layoutB,
      long layoutC,
      long layoutD,
      long preference,
      int wanted,
      long choices,
      IntByReference found);

  static native int cublasLtMatmul(
      long handle,
      long description,
      long alpha,
      long a,
      long layoutA,
      long b,
      long layoutB,
      long beta,
      long c,
      long layoutC,
      long d,
      long layoutD,
      long algorithm,
      long workspace,
      long workspaceBytes,
      long stream);
}
