/// What things are called: apps, channels, positions in a channel's stream. Immutable.
@NullMarked
package dev.pushgate.core.name;

import org.jspecify.annotations.NullMarked;
