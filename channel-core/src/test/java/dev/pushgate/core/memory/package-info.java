/// What a node may hold, and for whom: limits and parts.
@NullMarked
package dev.pushgate.core.memory;

import org.jspecify.annotations.NullMarked;
