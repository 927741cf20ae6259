/**
 * The face: estimators and models for an MLlib {@code Pipeline}, their params and their
 * persistence. "Pipeline-parallel" is what we do; "ML pipeline" is Spark's.
 */
package io.penstock.ml;
