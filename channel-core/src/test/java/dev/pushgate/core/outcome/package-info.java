/// How failures are put into words.
@NullMarked
package dev.pushgate.core.outcome;

import org.jspecify.annotations.NullMarked;
