package dev.pushgate.gateway.config;

import dev.pushgate.auth.Secret;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where the database is, written as Java's driver wants it or as everybody else writes it:
/// `postgresql://user:password@host:5432/database?sslmode=require`. It may hold passwords: it
/// prints without them. Immutable.
///
/// @param jdbc the URL for the driver, without the user and the password of the other form
/// @param user who connects, where the other form says so
/// @param password of that user
public record StoreUrl(String jdbc, Optional<String> user, Optional<Secret> password) {
  private static final String POSTGRES = "jdbc:postgresql:";
  private static final String SQLITE = "jdbc:sqlite:";
  private static final String RULE =
      "is not a database's URL such as postgresql://user:password@host:5432/database"
          + " (where %40 is written for an @ in a password), jdbc:postgresql://host/database or"
          + " jdbc:sqlite:/path/to/file";

  private static final String NO_DATABASE =
      "names no database: it ends like postgresql://host:5432/database";

  /// Schemes are the same in any case.
  private static final Pattern SCHEME =
      Pattern.compile("(?i)(?:jdbc:)?(?:postgres(?:ql)?|sqlite):");

  private static final Pattern PORT = Pattern.compile(":(?<port>[0-9]+)(?:,|$)");
  private static final int MAX_PORT = 65_535;

  /// One host, perhaps an IPv6 address in brackets, and perhaps its port.
  private static final String HOST = "(?:\\[[0-9A-Fa-f:.]+]|[^\\[\\]:,@/?#%]*)(?::[0-9]{1,5})?";

  /// What may stand behind the database. No parameter has an `@` in its name: that is the end of a
  /// password with a `?` in it.
  private static final String PARAMETER = "[^=&@#]*(?:=[^&#]*)?";

  private static final String QUERY = "(?:\\?(?<query>" + PARAMETER + "(?:&" + PARAMETER + ")*))?";

  /// The URI of libpq's documentation, also with Java's prefix before it.
  private static final Pattern URI =
      Pattern.compile(
          "(?:jdbc:)?postgres(?:ql)?://(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?"
              + ("(?<hosts>" + HOST + "(?:," + HOST + ")*)")
              + "(?:/(?<database>[^@/?#]*))?"
              + QUERY);

  /// What Java's driver takes beside: a database on this machine.
  private static final Pattern LOCAL =
      Pattern.compile("jdbc:postgresql:/?(?<database>[^:@/?#]*)" + QUERY);

  private static final Pattern PASSWORD = Pattern.compile("(?i)(password=)[^&;]*");

  /// Up to the last `@` there is: a password with one in it is a reason for a URL to be none.
  private static final Pattern USER_PASSWORD =
      Pattern.compile("((?:://|^jdbc:postgresql:/?)[^:@/?#]*:).*(?=@)");

  /// What libpq calls otherwise than the driver does. What neither knows is passed on, and means
  /// nothing.
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "application_name", "ApplicationName",
          "connect_timeout", "connectTimeout",
          "channel_binding", "channelBinding",
          "target_session_attrs", "targetServerType");

  /// The driver's words for values of `target_session_attrs`.
  private static final Map<String, String> SERVERS =
      Map.of(
          "read-write", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  /// @throws IllegalArgumentException with the end of a sentence for people, without what is in the
  ///     URL
  static StoreUrl parse(String given) {
    Matcher scheme = SCHEME.matcher(given);
    String text =
        scheme.lookingAt()
            ? scheme.group().toLowerCase(Locale.ROOT) + given.substring(scheme.end())
            : given;
    Matcher uri = URI.matcher(text);
    Matcher local = LOCAL.matcher(text);
    if (uri.matches()) {
      checkPorts(String.valueOf(uri.group("hosts")));
      return text.startsWith(POSTGRES + "//") && isComplete(uri) ? asItIs(text) : of(uri);
    }
    if (local.matches()) {
      check(!String.valueOf(local.group("database")).isEmpty(), NO_DATABASE);
      return asItIs(text);
    }
    check(text.startsWith(SQLITE), RULE);
    return asItIs(text);
  }

  private static StoreUrl asItIs(String text) {
    return new StoreUrl(text, Optional.empty(), Optional.empty());
  }

  private static void checkPorts(String hosts) {
    Matcher ports = PORT.matcher(hosts);
    while (ports.find()) {
      int port = Integer.parseInt(ports.group("port"));
      check(
          port >= 1 && port <= MAX_PORT,
          "has the port " + port + ", which is not between 1 and " + MAX_PORT);
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static boolean isComplete(Matcher uri) {
    String database = uri.group("database");
    return uri.group("user") == null && database != null && !database.isEmpty();
  }

  private static StoreUrl of(Matcher uri) {
    Optional<String> user = decoded(uri.group("user"));
    Optional<String> password = decoded(uri.group("password"));
    Optional<String> database = decoded(uri.group("database"));
    List<String> parameters = new ArrayList<>();
    for (String parameter : parametersOf(uri.group("query"))) {
      String name = parameter.replaceFirst("=.*", "");
      String value = parameter.substring(Math.min(parameter.length(), name.length() + 1));
      switch (name) {
        case "user" -> user = decoded(value);
        case "password" -> password = decoded(value);
        case "dbname" -> database = decoded(value);
        default -> parameters.add(translated(name, value));
      }
    }
    String hosts = String.valueOf(uri.group("hosts"));
    String name = database.orElseThrow(() -> new IllegalArgumentException(NO_DATABASE));
    String query = parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    return new StoreUrl(
        POSTGRES
            + "//"
            + (hosts.isEmpty() ? "localhost" : hosts)
            + "/"
            + URLEncoder.encode(name, StandardCharsets.UTF_8)
            + query,
        user,
        password.map(Secret::new));
  }

  private static List<String> parametersOf(@Nullable String query) {
    return query == null || query.isEmpty() ? List.of() : List.of(query.split("&"));
  }

  private static String translated(String name, String value) {
    String known = name.equals("target_session_attrs") ? SERVERS.getOrDefault(value, value) : value;
    return PARAMETERS.getOrDefault(name, name) + "=" + known.replace("+", "%2B");
  }

  /// A `+` stands for itself, as everywhere but in forms.
  private static Optional<String> decoded(@Nullable String part) {
    if (part == null || part.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "has a % without two hexadecimal digits behind it; a % itself is written %25", e);
    }
  }

  /// The text of a URL, or of what was to be one, without the passwords in it.
  static String redacted(String text) {
    String shown = PASSWORD.matcher(text).replaceAll("$1[redacted]");
    Matcher uri = URI.matcher(text);
    return uri.matches() && uri.group("password") == null
        ? shown
        : USER_PASSWORD.matcher(shown).replaceAll("$1[redacted]");
  }

  /// Whether it is PostgreSQL's: several nodes can share that.
  boolean isShared() {
    return jdbc.startsWith(POSTGRES);
  }

  /// Without passwords.
  @Override
  public String toString() {
    return redacted(jdbc);
  }
}
