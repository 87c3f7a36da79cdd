/// The PushFlo wire and its additions: JSON text frames over a WebSocket.
@NullMarked
package dev.pushgate.gateway.protocol.pushflo;

import org.jspecify.annotations.NullMarked;
