/// What a node may hold in memory, and for whom.
@NullMarked
package dev.pushgate.core.memory;

import org.jspecify.annotations.NullMarked;
