/// The relay of many nodes: streams, and what nodes tell each other, in Redis or Valkey.
@NullMarked
package dev.pushgate.gateway.relay.redis;

import org.jspecify.annotations.NullMarked;
