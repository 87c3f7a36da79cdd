package dev.pushgate.gateway.config;

import io.smallrye.config.WithDefault;
import java.util.Optional;

/// What the node may hold in memory, by kind. What is not set is a part of the heap, or of the
/// direct memory, that the JVM really has. Immutable.
public interface Memory {
  /// Bytes that may wait to be sent to all WebSocket clients together: direct memory. Beyond it
  /// connections are closed (4101) whose keys and addresses have most waiting. Without it: half of
  /// the direct memory. Each message that waits for a client takes about 140 bytes of the heap
  /// beside it, of which there are 4 %; beyond that those are closed who have most messages
  /// waiting.
  @Between(from = "1MiB", to = "1024GiB")
  Optional<ByteSize> outbound();

  /// Bytes of messages from all WebSocket clients that are unfinished or wait to be carried out;
  /// beyond it connections are closed that send more. Without it: 5 % of the heap.
  @Between(from = "64KiB", to = "1024GiB")
  Optional<ByteSize> inbound();

  /// Bytes of the heads of HTTP requests beyond 1 KiB each, from their first byte to their answer.
  /// Beyond it the connection with the largest head is closed whose request has not come whole.
  /// Without it: 1 % of the heap.
  @Between(from = "64KiB", to = "1024GiB")
  Optional<ByteSize> heads();

  /// Bytes of all REST requests that are read or worked on; beyond it a request is answered 503.
  /// Without it: 6 % of the heap.
  @Between(from = "64KiB", to = "1024GiB")
  Optional<ByteSize> bodies();

  /// Bytes of all answers to REST requests that are made or sent; beyond it a request is answered
  /// 503. Without it: 6 % of the heap.
  @Between(from = "64KiB", to = "1024GiB")
  Optional<ByteSize> answers();

  /// Bytes that the recent logs of all channels hold, data, frames and the objects around them;
  /// beyond it the key, user or client that holds most in the app that holds most loses its oldest
  /// messages. Without it: 14 % of the heap.
  @Between(from = "0B", to = "1024GiB")
  Optional<ByteSize> recentLogs();

  /// Bytes of remembered answers to publishes with an idempotency key, about 1 KiB each; beyond it
  /// such publishes are refused (429) until some have expired. Without it: 6 % of the heap.
  @Between(from = "0B", to = "1024GiB")
  Optional<ByteSize> idempotency();

  /// Bytes of channels in use, their subscribers and the settings of declared channels, which may
  /// be half of it; beyond it channels that nobody uses are forgotten, then subscribes, publishes
  /// to channels not in use and declarations are refused (`QUOTA_EXCEEDED`). Without it: 14 % of
  /// the heap.
  @Between(from = "64KiB", to = "1024GiB")
  Optional<ByteSize> channels();

  /// Bytes of who is present in which channel; beyond it nobody more can be present
  /// (`QUOTA_EXCEEDED`). Without it: 4 % of the heap.
  @Between(from = "64KiB", to = "1024GiB")
  Optional<ByteSize> presence();

  /// Bytes of publications that wait for an event loop, the database or the relay; beyond it
  /// publishes are refused (503), and who has its part of it waiting is refused before (429).
  /// Without it: 6 % of the heap.
  @Between(from = "1MiB", to = "1024GiB")
  Optional<ByteSize> waiting();

  /// Bytes of open connections: 3 KiB each, a session 4 KiB and what its token says. Beyond it an
  /// idle HTTP connection is closed, or else the newcomer; sessions, which may have 87 % of it, are
  /// refused (4100), and so are tokens that ask for more (`QUOTA_EXCEEDED`). Without it: 9 % of the
  /// heap.
  @Between(from = "64KiB", to = "1024GiB")
  Optional<ByteSize> connections();

  /// The part of each of these that one app may have, in percent.
  @WithDefault("90")
  @Between(from = "1", to = "100")
  int appPart();

  /// The part of each of these that one API key, or one user or client of tokens, may have, in
  /// percent. Tokens without grants that name no user count as the key that they were made with.
  @WithDefault("75")
  @Between(from = "1", to = "100")
  int keyPart();

  /// The part of each of these that one client address (of an IPv6 client: its /64 network) may
  /// have, in percent. What secret and management keys bring counts for no address.
  @WithDefault("50")
  @Between(from = "1", to = "100")
  int addressPart();
}
