/**
 * What the Jupyter notebooks stand on: the kernel, how it shows things, and what of a notebook is
 * committed. Knows rapaio-jupyter-kernel; the notebooks' cells need not.
 */
package io.penstock.notebook;
