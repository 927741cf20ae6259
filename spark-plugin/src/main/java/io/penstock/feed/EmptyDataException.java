package io.penstock.feed;

/** Thrown where there are no rows to train or validate on. Immutable but for its stack trace. */
public final class EmptyDataException extends RefusedRowsException {
  private static final long serialVersionUID = 1L;

  private EmptyDataException(String message) {
    super(message);
  }

  /** Says that no row to train on counts, for all have the weight 0 in this column. */
  public static EmptyDataException weightless(String column) {
    return new EmptyDataException(
        "column '"
            + column
            + "' is 0 in every row to train on, so none counts and there is nothing to learn from."
            + " Give those that shall count a weight above 0, or leave the weight column out.");
  }

  /** Says that no row for validation counts. */
  static EmptyDataException weightlessValidation(String column) {
    return new EmptyDataException(
        "column '"
            + column
            + "' is 0 in every row for validation, so none of them counts and there is nothing to"
            + " validate on. Give some of them a weight above 0.");
  }

  /**
   * Says that no label counts.
   *
   * @param columns where the labels are
   * @param use what their rows are for, in words: {@code to train on} or {@code for validation}
   */
  public static EmptyDataException uncounted(FeatureColumns columns, LabelKind labels, String use) {
    String weight = columns.weighted() ? " or a row of weight 0 in '" + columns.weight() + "'" : "";
    boolean padded = labels instanceof LabelKind.Ids;
    return new EmptyDataException(
        "column '"
            + columns.label()
            + "' has no label "
            + use
            + " that counts: each is "
            + (padded ? "negative, which is padding, or " : "")
            + "of a class of weight 0 (classWeights)"
            + weight
            + ". Look for "
            + (padded ? "labels of at least 0, for rows of more than one id, or for " : "")
            + "classes that have a weight.");
  }

  /** Says that the DataFrame has no rows, and where they usually went. */
  public EmptyDataException() {
    super(
        "the DataFrame has no rows, so there is nothing to train on. Look at df.count() before fit:"
            + " a filter, a join or a split may have left none, or the path read was empty.");
  }

  /**
   * Returns this exception with a word on what {@code handleInvalid} left out before, if that was
   * any row.
   */
  public EmptyDataException after(LeftOut leftOut) {
    if (leftOut.rows() == 0) {
      return this;
    }
    return new EmptyDataException(
        leftOut.all() ? leftOut.words() : getMessage() + " Before that, " + leftOut.words());
  }

  /** Says that every row is held back, so that there is nothing to train on. */
  public static EmptyDataException nothingToTrainOn(ValidationColumn column) {
    return new EmptyDataException(
        "column '"
            + column.name()
            + "' is true in every row, so all are for validation and there is nothing to train on."
            + " Make it false in the rows to train on.");
  }

  /** Says that no row is held back. */
  public static EmptyDataException nothingToValidateOn(ValidationColumn column) {
    return new EmptyDataException(
        "column '"
            + column.name()
            + "' is true in no row, so there is nothing to validate on. Make it true in some rows,"
            + " or leave validationIndicatorCol out.");
  }
}
