/// Tests of the relay through Redis.
@NullMarked
package dev.pushgate.gateway.relay.redis;

import org.jspecify.annotations.NullMarked;
