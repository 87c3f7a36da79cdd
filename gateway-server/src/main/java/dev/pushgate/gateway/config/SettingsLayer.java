package dev.pushgate.gateway.config;

import dev.pushgate.core.name.EditDistance;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/// One place that settings are written in, with what is written there. Immutable.
///
/// @param origin the place, for people
/// @param spelling how a setting is called there
/// @param values what is written there of things that look like settings, by what it is called
///     there
/// @param passedOver what is called there as settings are, and looks like none otherwise
record SettingsLayer(
    String origin,
    Function<Setting, String> spelling,
    Map<String, String> values,
    List<String> passedOver) {

  private static final String VARIABLE_PREFIX = "PUSHGATE_";

  /// Variables that mean something else to Pushgate's own programs.
  private static final Set<String> OTHER_VARIABLES =
      Set.of("PUSHGATE_CONFIG", "PUSHGATE_JAVA_HOME", "PUSHGATE_JAVA_OPTS");

  /// What clients of a gateway use to call where it is and what they show to it: an app that lives
  /// beside its gateway has them in the same environment.
  private static final Pattern CLIENT_VARIABLE =
      Pattern.compile(
          "PUSHGATE_((API_|BASE_|REST_|WS_|WEBSOCKET_)?URL|BASE|ENDPOINT|ORIGIN|APP|APP_ID|CHANNEL"
              + "|(API_|PUBLISH_|PUB_|SECRET_|SEC_|MANAGEMENT_|MGMT_)?KEY(_FILE)?"
              + "|(AUTH_|ACCESS_|CONNECTION_)?TOKEN(_FILE|_URL)?)");

  /// Settings that were called otherwise before: too different for a suggestion by likeness.
  private static final Map<String, String> FORMER_NAMES =
      Map.of(
          "pushgate.recent-log.node-bytes", "pushgate.memory.recent-logs",
          "pushgate.idempotency.bytes", "pushgate.memory.idempotency",
          "pushgate.limits.request-bodies", "pushgate.memory.bodies");

  private static final String TEST_VARIABLE_PREFIX = "PUSHGATE_TEST_";

  /// Kubernetes (and Docker's old links) write such variables into every container beside a service
  /// whose name begins with `pushgate`, asked or not: they are nobody's mistake. The name of the
  /// port alone could be one, so it counts only with the value of a link.
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "PUSHGATE_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_.+)?)=.*"
              + "|PUSHGATE_(.+_)?PORT=(tcp|udp|sctp)://.*",
          Pattern.DOTALL);

  SettingsLayer {
    values = Map.copyOf(values);
    passedOver = List.copyOf(passedOver);
  }

  static SettingsLayer named(String origin, Map<String, String> values) {
    return new SettingsLayer(origin, Setting::name, values, List.of());
  }

  static SettingsLayer environment(Map<String, String> environment) {
    Map<String, String> found = new TreeMap<>(environment);
    found.entrySet().removeIf(entry -> !isMeantForUs(entry.getKey(), entry.getValue()));
    SettingsLayer all = new SettingsLayer("environment", Setting::variable, found, List.of());
    List<String> passedOver =
        found.keySet().stream().filter(key -> !all.looksLikeOne(key)).toList();
    passedOver.forEach(found::remove);
    return new SettingsLayer(all.origin, all.spelling, found, passedOver);
  }

  static SettingsLayer systemProperties(Map<String, String> properties) {
    Map<String, String> found = new TreeMap<>(properties);
    found.keySet().removeIf(property -> !property.startsWith("pushgate."));
    return named("system property", found);
  }

  private static boolean isMeantForUs(String variable, String value) {
    return variable.startsWith(VARIABLE_PREFIX)
        && !variable.startsWith(TEST_VARIABLE_PREFIX)
        && !OTHER_VARIABLES.contains(variable)
        && !CLIENT_VARIABLE.matcher(variable).matches()
        && !SERVICE_LINK.matcher(variable + "=" + value).matches();
  }

  Optional<Setting> settingAt(String key) {
    return Setting.ALL.stream().filter(setting -> spelling.apply(setting).equals(key)).findFirst();
  }

  /// The setting whose value is in the file that `key` names.
  Optional<Setting> settingInFileAt(String key) {
    return Setting.ALL.stream()
        .filter(setting -> setting.mayBeSecret() && fileKey(setting).equals(key))
        .findFirst();
  }

  private String fileKey(Setting setting) {
    String name = spelling.apply(setting);
    return name + (name.startsWith(VARIABLE_PREFIX) ? "_FILE" : "-file");
  }

  /// Whether whoever wrote `key` may have meant a setting: it is one, is near to one, or begins
  /// with the name of a group of them.
  private boolean looksLikeOne(String key) {
    return Setting.ALL.stream()
            .anyMatch(setting -> firstWord(spelling.apply(setting)).equals(firstWord(key)))
        || suggestionFor(key).isPresent();
  }

  private static String firstWord(String key) {
    return bare(key).replaceFirst("[._-].*", "");
  }

  /// What to say about a key that is no setting.
  String complaintAbout(String key) {
    return key
        + " ("
        + origin
        + ") is not a setting"
        + successorOf(key)
            .map(successor -> "; it is called " + successor + " now")
            .or(() -> suggestionFor(key).map(best -> "; did you mean " + best + "?"))
            .orElse("");
  }

  private Optional<String> successorOf(String key) {
    return FORMER_NAMES.entrySet().stream()
        .filter(former -> bare(former.getKey()).equals(bare(key)))
        .map(former -> former.getValue())
        .flatMap(name -> Setting.ALL.stream().filter(setting -> setting.name().equals(name)))
        .map(spelling)
        .findFirst();
  }

  private Optional<String> suggestionFor(String key) {
    return Setting.ALL.stream()
        .map(spelling)
        .min(Comparator.comparingInt(name -> distance(key, name)))
        .filter(
            best -> distance(key, best) * 2 <= Math.max(bare(key).length(), bare(best).length()));
  }

  /// A name of which only the group was left out is nearer than any slip of the keys.
  private static int distance(String key, String name) {
    return bare(name).matches(".*[._]" + Pattern.quote(bare(key)))
        ? 0
        : EditDistance.between(bare(key), bare(name));
  }

  /// Without what all settings begin with: it makes every name look like every other.
  private static String bare(String key) {
    return key.toLowerCase(Locale.ROOT).replaceFirst("^pushgate[._]", "");
  }
}
