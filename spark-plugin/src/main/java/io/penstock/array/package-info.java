/**
 * Native arrays as memory: who may still read one, where it goes when nobody does any more, and a
 * mode that shows who reads one all the same, or writes to what others read.
 */
package io.penstock.array;
