/// Tests of the PushFlo wire.
@NullMarked
package dev.pushgate.gateway.protocol.pushflo;

import org.jspecify.annotations.NullMarked;
