/// One event loop and all that is confined to it.
@NullMarked
package dev.pushgate.core.shard;

import org.jspecify.annotations.NullMarked;
