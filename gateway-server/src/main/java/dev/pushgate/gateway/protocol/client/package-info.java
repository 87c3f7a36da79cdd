/// The wire as a client sees it: what the command line reads and writes.
@NullMarked
package dev.pushgate.gateway.protocol.client;

import org.jspecify.annotations.NullMarked;
