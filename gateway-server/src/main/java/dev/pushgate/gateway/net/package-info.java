/// Sockets: the listeners, the HTTP pipeline, limits and deadlines of connections.
@NullMarked
package dev.pushgate.gateway.net;

import org.jspecify.annotations.NullMarked;
