package dev.pushgate.rest;

import dev.pushgate.auth.Grants;
import dev.pushgate.auth.Permission;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.rest.json.JsonValue;
import dev.pushgate.rest.json.MalformedJson;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what a connection token is to grant: `{"orders:*":["subscribe","history"]}`. Stateless.
final class GrantsReader {
  private static final String GRANTS = "grants";

  /// A token travels in the query of the WebSocket's URL, and a request line has its limit.
  private static final int MAX_GRANTS_BYTES = 2_048;

  private GrantsReader() {}

  /// Null when there are none or when something is wrong with them, which is then noted.
  static @Nullable Grants read(Fields fields) {
    JsonValue value = fields.given(GRANTS);
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      fields.problem(GRANTS, "must be an object: channel pattern to list of permissions");
      return null;
    }
    if (value.length() > MAX_GRANTS_BYTES) {
      fields.problem(GRANTS, "must be at most " + MAX_GRANTS_BYTES + " bytes");
      return null;
    }
    Map<String, Set<Permission>> byPattern = new LinkedHashMap<>();
    try {
      value
          .object()
          .fields()
          .forEach(
              (pattern, permissions) ->
                  byPattern.put(pattern, permissions(fields, pattern, permissions)));
    } catch (MalformedJson e) {
      fields.problem(GRANTS, "are not valid: " + e.getMessage());
    }
    return fields.valid() ? new Grants(byPattern) : null;
  }

  private static Set<Permission> permissions(Fields fields, String pattern, JsonValue value) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    if (!isPattern(pattern)) {
      fields.problem(GRANTS, "must be for names of channels, or for prefixes of them ending in *");
    } else if (!value.isArray() || !addAll(value, permissions) || permissions.isEmpty()) {
      fields.problem(
          GRANTS, "for " + pattern + " must be a list of subscribe, publish, presence, history");
    }
    return permissions;
  }

  /// A prefix is good when some name begins with it.
  private static boolean isPattern(String pattern) {
    String name =
        pattern.endsWith("*") ? pattern.substring(0, pattern.length() - 1) + "x" : pattern;
    return ChannelName.parse(name).isPresent();
  }

  private static boolean addAll(JsonValue list, Set<Permission> permissions) {
    List<JsonValue> names = list.elements(Permission.values().length);
    for (JsonValue name : names) {
      Permission permission =
          name.isString() ? Permission.ofWireName(name.text()).orElse(null) : null;
      if (permission == null) {
        return false;
      }
      permissions.add(permission);
    }
    return true;
  }
}
