/// What the nodes of a cluster tell each other beside publications. No Redis here.
@NullMarked
package dev.pushgate.core.cluster;

import org.jspecify.annotations.NullMarked;
