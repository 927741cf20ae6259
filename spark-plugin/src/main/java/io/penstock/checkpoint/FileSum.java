package io.penstock.checkpoint;

import java.io.Serializable;

/**
 * Sum of a file of a checkpoint, by which a torn or damaged one is told when it is read. Immutable.
 *
 * @param name the file's path within the checkpoint's directory
 * @param bytes its length
 * @param crc32c the CRC-32C (Castagnoli) of all of its bytes, 32 bits
 */
public record FileSum(String name, long bytes, long crc32c) implements Serializable {}
