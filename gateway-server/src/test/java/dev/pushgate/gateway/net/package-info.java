/// Sockets, tested on sockets.
@NullMarked
package dev.pushgate.gateway.net;

import org.jspecify.annotations.NullMarked;
