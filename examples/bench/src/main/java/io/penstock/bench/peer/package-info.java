/** Other libraries at the reference work: each a {@code main} that prints what it reached. */
package io.penstock.bench.peer;
