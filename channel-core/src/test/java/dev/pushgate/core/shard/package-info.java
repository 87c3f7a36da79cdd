/// Parts of a shard by themselves.
@NullMarked
package dev.pushgate.core.shard;

import org.jspecify.annotations.NullMarked;
