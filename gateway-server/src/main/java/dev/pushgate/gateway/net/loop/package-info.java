/// The event loops of a node, and the deadlines of what lives on them.
@NullMarked
package dev.pushgate.gateway.net.loop;

import org.jspecify.annotations.NullMarked;
