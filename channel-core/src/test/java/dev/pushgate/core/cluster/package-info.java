/// What the nodes of a cluster tell each other, where one stands alone.
@NullMarked
package dev.pushgate.core.cluster;

import org.jspecify.annotations.NullMarked;
