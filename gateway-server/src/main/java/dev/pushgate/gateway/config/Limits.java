package dev.pushgate.gateway.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// What clients may ask for at the most. Immutable.
public interface Limits {
  /// The body of a REST request.
  @WithDefault("1MiB")
  @Between(from = "1KiB", to = "256MiB")
  ByteSize requestBody();

  /// How long a REST request may take, from its first byte to its answer.
  @WithDefault("25s")
  @Between(from = "1s", to = "10m")
  Duration requestTime();

  /// What a client must send of a request's body, or take of an answer, in a second; looked at
  /// every 5 s, and whoever is slower is told 408, or closed. 0B is no least rate.
  @WithDefault("1KiB")
  @Between(from = "0B", to = "1MiB")
  ByteSize leastRate();

  /// The `data` of one message.
  @WithDefault("64KiB")
  @Between(from = "1B", to = "64MiB")
  ByteSize messageData();

  /// The messages of one batch.
  @WithDefault("100")
  @Between(from = "1", to = "10000")
  int batchMessages();

  /// The channels of one publish.
  @WithDefault("100")
  @Between(from = "1", to = "10000")
  int publishChannels();

  /// REST publishes in a second of one key, or of one user or client of a token. 0 is no limit.
  @WithDefault("0")
  @Between(from = "0", to = "100000000")
  int publishesPerSecond();

  /// A WebSocket message from a client; at least 4 KiB more than `message-data`. Without it: as
  /// much as that, and not less than 68 KiB.
  @Between(from = "1KiB", to = "65MiB")
  Optional<ByteSize> clientFrame();

  /// How long a WebSocket message may take from its first byte to its last; whoever takes longer is
  /// closed (4102).
  @WithDefault("25s")
  @Between(from = "1s", to = "10m")
  Duration clientMessageTime();

  /// Messages from a client in a second, pings included.
  @WithDefault("100")
  @Between(from = "1", to = "1000000")
  int clientFramesPerSecond();

  /// Messages from a client that may come at once.
  @WithDefault("500")
  @Between(from = "1", to = "1000000")
  int clientFramesBurst();

  /// Channels that one connection may be subscribed to.
  @WithDefault("256")
  @Between(from = "1", to = "1000000")
  int subscriptions();

  /// Bytes that may wait for one connection before it is closed as a slow consumer (4101).
  @WithDefault("1MiB")
  @Between(from = "64KiB", to = "1GiB")
  ByteSize outbound();

  /// A resume is answered only when no more bytes than these wait for its connection.
  @WithDefault("256KiB")
  @Between(from = "1KiB", to = "1GiB")
  ByteSize outboundLowWater();

  /// Bytes of what was missed that a connection is sent in a second, when its resumes and rewinds
  /// together are more than twice `pushgate.recent-log.bytes`; what is over waits. 0B is no limit.
  @WithDefault("1MiB")
  @Between(from = "0B", to = "1GiB")
  ByteSize replayPerSecond();

  /// Bytes of what was missed that all connections of this node are sent in a second, those of one
  /// key or user and of one address their parts of it (`pushgate.memory.key-part`, `address-part`);
  /// what is over waits, and accounts take turns. 0B is no limit.
  @WithDefault("256MiB")
  @Between(from = "0B", to = "1024GiB")
  ByteSize replayOfNode();

  /// Bytes that the system buffers for a connection, WebSocket or HTTP; Linux takes up to twice as
  /// much. 0B is the system's own choice, which can be several MiB for each client that does not
  /// read.
  @WithDefault("128KiB")
  @Between(from = "0B", to = "64MiB")
  ByteSize socketSendBuffer();

  /// How long a connection may take to become a session.
  @WithDefault("10s")
  @Between(from = "100ms", to = "5m")
  Duration handshakeTime();

  /// How often the server pings a connection.
  @WithDefault("25s")
  @Between(from = "1s", to = "1h")
  Duration pingInterval();

  /// After how long without a byte from the client its connection is closed.
  @WithDefault("60s")
  @Between(from = "2s", to = "24h")
  Duration idleTime();

  /// Connections of this node, WebSockets and HTTP. When there are as many, an HTTP connection
  /// makes room for another that has asked for nothing yet, or has been idle for a second or
  /// more, or else the newcomer is closed. Without it: what file descriptors allow, or one for
  /// each 3 KiB of `pushgate.memory.connections` where that is less.
  @Between(from = "1", to = "100000000")
  Optional<Integer> connections();

  /// HTTP connections of one client address (of an IPv6 client: of its /64 network) on this node,
  /// WebSockets apart; when it has as many, one of its own makes room in the same way, or else
  /// the newcomer is closed. 0 is no limit. Without it: a quarter of `connections`, and no limit
  /// behind a proxy (`pushgate.http.trust-forwarded`), whose address they all have.
  @Between(from = "0", to = "100000000")
  Optional<Integer> httpConnectionsPerAddress();

  /// Connections of one app on this node. 0 is no limit.
  @WithDefault("0")
  @Between(from = "0", to = "100000000")
  int connectionsPerApp();

  /// WebSocket sessions of one client address (of an IPv6 client: of its /64 network) on this node.
  /// 0 is no limit: behind a proxy or a carrier's NAT thousands share an address.
  @WithDefault("0")
  @Between(from = "0", to = "100000000")
  int connectionsPerAddress();

  /// Failed authentications of one client address (IPv6: of its /64 network) in a second; what
  /// fails beyond them is answered 429. What succeeds is not touched.
  @WithDefault("20")
  @Between(from = "1", to = "1000000")
  int authFailuresPerSecond();

  /// Failed authentications of one client address that may come at once.
  @WithDefault("200")
  @Between(from = "1", to = "1000000")
  int authFailuresBurst();
}
