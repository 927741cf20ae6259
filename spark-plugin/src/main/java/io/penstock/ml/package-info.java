/**
 * The face: estimators and models for an MLlib {@code Pipeline}, their params and their
 * persistence. {@link io.penstock.ml.PipelineParallelClassifier} gives a row a class, {@link
 * io.penstock.ml.PipelineParallelRegressor} numbers, {@link
 * io.penstock.ml.PipelineParallelSequenceLearner} an id to each of its tokens. "Pipeline-parallel"
 * is what we do; "ML pipeline" is Spark's.
 *
 * <p>What they share is in interfaces, for each has a base class of MLlib's: groups of params (each
 * param made once by its method, and kept in {@link io.penstock.ml.ParamRegistry}), setters ({@link
 * io.penstock.ml.PipelineParallelEstimator}), models ({@link
 * io.penstock.ml.PipelineParallelModel}). What an estimator learns is a {@link
 * io.penstock.ml.LearningTask}; {@link io.penstock.ml.Fit} and {@link io.penstock.ml.Scoring} are
 * the way of the data through them.
 */
package io.penstock.ml;
