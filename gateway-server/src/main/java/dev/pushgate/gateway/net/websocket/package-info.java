/// RFC 6455: the opening handshake, and frames to and from the bytes of a socket.
@NullMarked
package dev.pushgate.gateway.net.websocket;

import org.jspecify.annotations.NullMarked;
