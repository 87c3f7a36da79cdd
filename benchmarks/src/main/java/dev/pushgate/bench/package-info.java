/// Measures a gateway under load, and beside it what the sending alone would cost.
@NullMarked
package dev.pushgate.bench;

import org.jspecify.annotations.NullMarked;
