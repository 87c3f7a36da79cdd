package dev.pushgate.gateway.config;

import dev.pushgate.auth.Secret;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Everything that can be set, with its default; read by [SettingsReader]. Immutable.
///
/// A method's comment is its line in docs/config.md, which a test keeps equal to this.
@ConfigMapping(prefix = "pushgate")
public interface Settings {
  /// Where the SQLite database and its lock file are; made when it is not there.
  @WithDefault("data")
  Path dataDir();

  /// Event loops, each with its share of the connections and channels. 0 takes one for each
  /// processor.
  @WithDefault("0")
  @Between(from = "0", to = "1024")
  int shards();

  Http http();

  Page page();

  Management management();

  Store store();

  Relay relay();

  Cluster cluster();

  Presence presence();

  RecentLog recentLog();

  Archive archive();

  Idempotency idempotency();

  Tokens tokens();

  Limits limits();

  Memory memory();

  Shutdown shutdown();

  Bootstrap bootstrap();

  Log log();

  /// The listener for clients: REST and WebSocket.
  interface Http {
    /// The address that the listener for clients binds to. `0.0.0.0` is all interfaces.
    @WithDefault("0.0.0.0")
    String host();

    /// The port for clients. 0 takes any free one.
    @WithDefault("8080")
    @Between(from = "0", to = "65535")
    int port();

    /// Where clients reach this server (`https://gateway.example.com`), when that is not what a
    /// request's `Host` says: the address that the answer with a connection token names. It does
    /// not replace `trust-forwarded`.
    Optional<URI> publicUrl();

    /// Whether `X-Forwarded-For` and `X-Forwarded-Proto` are believed, of exactly one proxy: the
    /// last address counts, and may have a port, quotes and a zone. Behind a proxy it must be on,
    /// or all clients have the proxy's address; where clients can reach the port themselves it must
    /// be off, or they have any address they like.
    @WithDefault("false")
    boolean trustForwarded();
  }

  /// The page at `/` of the listener for clients.
  interface Page {
    /// Whether there is a page at `/` on which people try channels. The client module
    /// (`/pushgate.js`) is served in any case.
    @WithDefault("true")
    boolean enabled();
  }

  /// The listener for operators: health and metrics.
  interface Management {
    /// The address that the listener for health and metrics binds to. It asks for no key: keep it
    /// private.
    @WithDefault("127.0.0.1")
    String host();

    /// The port for health and metrics. 0 takes any free one.
    @WithDefault("8081")
    @Between(from = "0", to = "65535")
    int port();
  }

  /// The database.
  interface Store {
    /// `postgresql://user:password@host:port/database` or `jdbc:postgresql://host:port/database`,
    /// or `jdbc:sqlite:/path/to/file`. Without it: a SQLite file in the data directory.
    Optional<StoreUrl> url();

    /// The database's user; before the one that the URL names.
    Optional<String> user();

    /// The database user's password; before the one in the URL.
    Optional<Secret> password();

    /// Connections to PostgreSQL.
    @WithDefault("8")
    @Between(from = "2", to = "200")
    int poolSize();

    /// How long a start waits for a database that cannot be reached yet (it is starting, its
    /// address is not known yet). 0s refuses at once.
    @WithDefault("30s")
    @Between(from = "0s", to = "1h")
    Duration waitAtStart();

    /// How long any work on the database may take before it is answered `STORE_UNAVAILABLE`.
    @WithDefault("5s")
    @Between(from = "500ms", to = "1m")
    Duration timeout();
  }

  /// What carries messages between nodes.
  interface Relay {
    /// The Redis or Valkey servers that relay between the nodes of a cluster:
    /// `redis://host:port`, `rediss://user:password@host:port/0` or
    /// `redis-sentinel://host:port,host:port/0#master`; several, with commas between, share the
    /// channels. All nodes must name the same ones, and one PostgreSQL database. Without it: one
    /// node alone.
    Optional<RelayUrls> urls();

    /// What the names of all keys and channels in Redis begin with: clusters that share a Redis
    /// need different ones.
    @WithDefault("pushgate")
    String prefix();

    /// How long any work on the relay may take before it is answered `RELAY_UNAVAILABLE`.
    @WithDefault("2s")
    @Between(from = "100ms", to = "1m")
    Duration timeout();
  }

  /// What makes nodes one cluster.
  interface Cluster {
    /// What nodes sign with what they send each other through the relay, at least 16 characters,
    /// the same on all nodes: what is not signed with it is dropped. Without it nothing is signed,
    /// and whoever may write to the relay may send messages to all channels.
    Optional<Secret> secret();
  }

  /// Who is present in a channel.
  interface Presence {
    /// Members that may be present in a channel.
    @WithDefault("1000")
    @Between(from = "1", to = "100000")
    int members();

    /// After how long without a sign of life a node counts as dead, and its members leave.
    @WithDefault("10s")
    @Between(from = "3s", to = "10m")
    Duration lease();

    /// How long a member whose last connection is gone stays present, so that it can come back
    /// without leaving.
    @WithDefault("5s")
    @Between(from = "0s", to = "10m")
    Duration grace();
  }

  /// What is kept in memory of each channel in use, for resume.
  interface RecentLog {
    /// Messages that a channel's recent log holds at the most.
    @WithDefault("1000")
    @Between(from = "0", to = "1000000")
    int messages();

    /// Bytes that a channel's recent log holds at the most.
    @WithDefault("512KiB")
    @Between(from = "0B", to = "1GiB")
    ByteSize bytes();

    /// How long a message stays in its channel's recent log.
    @WithDefault("5m")
    @Between(from = "0s", to = "7d")
    Duration age();

    /// Channels without members that are remembered at the most; the longest unused is forgotten
    /// first.
    @WithDefault("100000")
    @Between(from = "0", to = "100000000")
    int idleChannels();
  }

  /// What the database keeps of declared channels, for history.
  interface Archive {
    /// Messages of a declared channel that the archive keeps at the most.
    @WithDefault("10000")
    @Between(from = "0", to = "100000000")
    int messages();

    /// How long the archive keeps a message.
    @WithDefault("72h")
    @Between(from = "1m", to = "3650d")
    Duration age();
  }

  /// What is remembered so that a retry is not a second message.
  interface Idempotency {
    /// How long the answer to a publish with an idempotency key is remembered.
    @WithDefault("5m")
    @Between(from = "1s", to = "24h")
    Duration ttl();
  }

  /// The connection tokens that `POST /api/v1/auth/token` mints.
  interface Tokens {
    /// How long a connection token lasts when its request does not say.
    @WithDefault("1h")
    @Between(from = "1s", to = "3650d")
    Duration defaultTtl();

    /// The longest that a request may ask for.
    @WithDefault("24h")
    @Between(from = "1s", to = "3650d")
    Duration maxTtl();
  }

  /// How the gateway stops.
  interface Shutdown {
    /// Over how long the sessions are closed, so that they do not all come back in the same second.
    @WithDefault("5s")
    @Between(from = "0s", to = "1h")
    Duration drain();

    /// How long stopping may take in all before the process ends anyway.
    @WithDefault("30s")
    @Between(from = "1s", to = "2h")
    Duration limit();
  }

  /// The keys that the first start gives the app `default` instead of random ones.
  interface Bootstrap {
    /// The publish key (`pub_…`) of the first start.
    Optional<Secret> publishKey();

    /// The secret key (`sec_…`) of the first start.
    Optional<Secret> secretKey();

    /// The management key (`mgmt_…`) of the first start.
    Optional<Secret> managementKey();
  }

  /// What is logged, on standard error.
  interface Log {
    /// The least severe level of the gateway's own log lines.
    @WithDefault("info")
    LogLevel level();
  }
}
