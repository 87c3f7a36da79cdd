package dev.pushgate.gateway.relay.redis;

import io.lettuce.core.RedisURI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where one Redis of the relay is: `redis://[user:password@]host[:port][/database]`, the same with
/// `rediss://` (TLS), or `redis-sentinel://[user:password@]host[:port],…[/database]#master` (also
/// `rediss-sentinel://`; the password is the master's, the sentinels are asked without). It prints
/// without credentials. Immutable.
public final class RelayUrl {
  private static final String FORM =
      "must be redis://, rediss:// or redis-sentinel://, like redis://user:password@host:6379/0";
  private static final int MAX_DATABASE = 1 << 20;
  private static final int MAX_PORT = 65_535;

  private record Place(String host, int port) {
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  private record Credentials(@Nullable String user, String password) {}

  private enum Scheme {
    REDIS("redis", RedisURI.DEFAULT_REDIS_PORT, false),
    REDISS("rediss", RedisURI.DEFAULT_REDIS_PORT, true),
    SENTINEL("redis-sentinel", RedisURI.DEFAULT_SENTINEL_PORT, false),
    SENTINELS("rediss-sentinel", RedisURI.DEFAULT_SENTINEL_PORT, true);

    final String text;
    final int port;
    final boolean encrypted;

    Scheme(String text, int port, boolean encrypted) {
      this.text = text;
      this.port = port;
      this.encrypted = encrypted;
    }

    boolean asksSentinels() {
      return this == SENTINEL || this == SENTINELS;
    }

    static Scheme of(String text) {
      for (Scheme scheme : values()) {
        if (scheme.text.equalsIgnoreCase(text)) {
          return scheme;
        }
      }
      throw new IllegalArgumentException(FORM);
    }
  }

  private final Scheme scheme;
  private final @Nullable Credentials credentials;
  private final List<Place> places;
  private final int database;
  private final @Nullable String master;

  private RelayUrl(
      Scheme scheme,
      @Nullable Credentials credentials,
      List<Place> places,
      int database,
      @Nullable String master) {
    this.scheme = scheme;
    this.credentials = credentials;
    this.places = places;
    this.database = database;
    this.master = master;
  }

  /// @throws IllegalArgumentException when it is none; its message says why and holds no part of
  ///     the text
  public static RelayUrl parse(String text) {
    String rest = text.strip();
    int afterScheme = rest.indexOf("://");
    if (afterScheme < 0) {
      throw new IllegalArgumentException(FORM);
    }
    Scheme scheme = Scheme.of(rest.substring(0, afterScheme));
    rest = rest.substring(afterScheme + 3);
    String master = null;
    int hash = rest.indexOf('#');
    if (hash >= 0) {
      master = rest.substring(hash + 1);
      rest = rest.substring(0, hash);
    }
    if (scheme.asksSentinels() != (master != null && !master.isEmpty())) {
      throw new IllegalArgumentException(
          scheme.asksSentinels()
              ? "names no master: it goes behind a # at the end"
              : "has a # that only redis-sentinel:// may have (in a password it is written %23)");
    }
    int at = rest.lastIndexOf('@');
    Credentials credentials = at < 0 ? null : credentials(rest.substring(0, at));
    rest = rest.substring(at + 1);
    int slash = rest.indexOf('/');
    int database = slash < 0 ? 0 : database(rest.substring(slash + 1));
    List<Place> places = places(slash < 0 ? rest : rest.substring(0, slash), scheme);
    return new RelayUrl(scheme, credentials, places, database, master);
  }

  private static Credentials credentials(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "has no : before its @; a password alone is written redis://:password@host");
    }
    String user = decoded(text.substring(0, colon));
    return new Credentials(user.isEmpty() ? null : user, decoded(text.substring(colon + 1)));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("has a % in its credentials that is not %25");
    }
  }

  private static int database(String text) {
    return text.isEmpty() ? 0 : number(text, MAX_DATABASE, "the database behind the /");
  }

  private static int number(String text, int max, String what) {
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= max && Character.isDigit(text.charAt(0))) {
        return value;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException("needs a number from 0 to " + max + " as " + what);
  }

  private static List<Place> places(String text, Scheme scheme) {
    List<Place> places = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      places.add(place(one, scheme.port));
    }
    if (places.size() > 1 && !scheme.asksSentinels()) {
      throw new IllegalArgumentException(
          "names several hosts, which only redis-sentinel:// may; several Redis are several URLs");
    }
    return List.copyOf(places);
  }

  private static Place place(String text, int defaultPort) {
    int end = text.startsWith("[") ? text.indexOf(']') : -1;
    int colon = text.indexOf(':', end + 1);
    String host = colon < 0 ? text : text.substring(0, colon);
    if (end > 0) {
      host = host.substring(1, end);
    }
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || "?[]@\\\"".indexOf(c) >= 0)) {
      throw new IllegalArgumentException("names no host, or one that is none");
    }
    return new Place(
        host,
        colon < 0
            ? defaultPort
            : number(text.substring(colon + 1), MAX_PORT, "the port of a host"));
  }

  /// How operators and the readiness check name it: `host:port`, or `master@host:port` of the first
  /// sentinel.
  public String name() {
    return master == null ? places.getFirst().toString() : master + "@" + places.getFirst();
  }

  /// What is the same for the same Redis in every node's settings, whoever logs in there: channels
  /// spread by it.
  public String identity() {
    return servers() + "/" + database;
  }

  /// The same, whatever the database.
  public String servers() {
    String hosts = places.stream().map(Place::toString).sorted().collect(Collectors.joining(","));
    return (master == null ? "" : master + "@") + hosts;
  }

  /// With credentials, for the library; it prints them.
  RedisURI forLettuce() {
    RedisURI.Builder builder;
    if (master == null) {
      builder = RedisURI.Builder.redis(places.getFirst().host, places.getFirst().port);
    } else {
      Place first = places.getFirst();
      builder = RedisURI.Builder.sentinel(first.host, first.port, master);
      places.stream().skip(1).forEach(more -> builder.withSentinel(more.host, more.port));
    }
    builder.withSsl(scheme.encrypted).withDatabase(database);
    if (credentials != null && credentials.user != null) {
      builder.withAuthentication(credentials.user, credentials.password);
    } else if (credentials != null) {
      builder.withPassword((CharSequence) credentials.password);
    }
    return builder.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RelayUrl that && identity().equals(that.identity());
  }

  @Override
  public int hashCode() {
    return identity().hashCode();
  }

  @Override
  public String toString() {
    return scheme.text
        + "://"
        + places.stream().map(Place::toString).collect(Collectors.joining(","))
        + "/"
        + database
        + (master == null ? "" : "#" + master);
  }
}
