package io.penstock.launch.job;

import io.penstock.Internal;
import java.io.Serializable;

/**
 * Part, for one rank, of a block of rows that are scored together. Immutable, but for the arrays,
 * which are not copied and must not be changed.
 *
 * @param rows how many are scored, which all ranks are told; there may be none
 * @param width features of a row
 * @param features row-major, for the first rank; null for the others
 * @param carried what goes back as it is, beside the outputs: the rows themselves; null where
 *     another rank carries it
 */
@Internal
public record BlockPart(int rows, int width, float[] features, byte[] carried)
    implements Serializable {}
