/// A message accepted into a channel, and its encoded frames.
@NullMarked
package dev.pushgate.core.publication;

import org.jspecify.annotations.NullMarked;
