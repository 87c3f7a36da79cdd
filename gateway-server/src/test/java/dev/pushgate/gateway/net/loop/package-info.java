/// The event loops and deadlines, tested.
@NullMarked
package dev.pushgate.gateway.net.loop;

import org.jspecify.annotations.NullMarked;
