/// Tests of framing and of the opening handshake.
@NullMarked
package dev.pushgate.gateway.net.websocket;

import org.jspecify.annotations.NullMarked;
