/// Shards, homes and a store on one thread, in random but repeatable interleavings.
@NullMarked
package dev.pushgate.core.simulation;

import org.jspecify.annotations.NullMarked;
